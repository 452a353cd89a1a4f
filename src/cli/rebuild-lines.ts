import type { RebuildProgress, RebuildResult } from '../core/rebuild.js';

const PHASES: Readonly<Record<RebuildProgress['phase'], string>> = {
  preparing: 'waiting for the running instances, and removing what an earlier rebuild has left',
  projecting: 'projecting the event log into a new generation',
  'writing both': 'near the end of the log: writers now write both generations',
  comparing: 'comparing the two generations',
  switched: 'switched: the new generation is live',
  removing: 'removing the generation before',
  done: 'done',
};
const LINE_EVERY_MS = 1_000;

export interface RebuildLines {
  /** A line for each phase, and while events are projected at most one a second. */
  progress: (progress: RebuildProgress, now: number) => string | undefined;
  result: (result: RebuildResult, now: number) => string;
}

/** @param began and every `now`: monotonic milliseconds */
export function createRebuildLines(began: number): RebuildLines {
  let phase: RebuildProgress['phase'] | undefined;
  let [phaseBegan, toldAt] = [began, began];

  return {
    progress(progress, now) {
      if (progress.phase !== phase) {
        phase = progress.phase;
        [phaseBegan, toldAt] = [now, now];
        return `${PHASES[phase]}\n`;
      }
      if (phase !== 'projecting' || now - toldAt < LINE_EVERY_MS) return undefined;
      toldAt = now;
      const { events, position, head } = progress;
      const perSecond = Math.round((events * 1_000) / Math.max(1, now - phaseBegan));
      return `${events} events, ${percentOf(position, head)} % of the log, ${perSecond}/s\n`;
    },
    result: ({ events, compared }, now) =>
      `rebuilt from ${events} events in ${((now - began) / 1_000).toFixed(1)} s; ${compared} rows compared\n`,
  };
}

/** Positions begin with a number that grows along the log. */
function percentOf(position: string, head: string): number {
  const [at, end] = [position, head].map((each) => Number.parseInt(each, 10));
  return at === undefined || end === undefined || !(end > 0)
    ? 0
    : Math.min(100, Math.floor((100 * at) / end));
}
