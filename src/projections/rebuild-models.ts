import type { Clock } from '../ports/clock.js';
import type { EventLog, Position } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import type { Logger } from '../ports/logger.js';
import type { ReadGenerations } from '../ports/read-generations.js';
import type { ReadStore } from '../ports/read-store.js';
import { checkpointFault } from './checkpoint-fault.js';
import { compareGenerations } from './compare-generations.js';
import { beginRebuild, type OwnRebuild } from './own-rebuild.js';
import { createGenerationProjector } from './project-generation.js';
import type { ProjectionGroup } from './projection.js';
import { RebuildError } from './rebuild-error.js';

export type RebuildPhase =
  'preparing' | 'projecting' | 'writing both' | 'comparing' | 'switched' | 'removing' | 'done';

export interface RebuildProgress {
  phase: RebuildPhase;
  /** Projected so far. */
  events: number;
  position: Position;
  head: Position;
}

export interface RebuildResult {
  /** Projected into the new generation. */
  events: number;
  /** Rows of the two generations. */
  compared: number;
}

export interface RebuildDependencies {
  log: EventLog;
  /** The live rows, and the checkpoints. */
  store: Pick<ReadStore, 'readCheckpoint' | 'readAll'>;
  generations: ReadGenerations;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  groups: readonly ProjectionGroup[];
  onProgress: (progress: RebuildProgress) => void;
  /** Ends the rebuild before its switch. */
  signal: AbortSignal;
}

/** The end of the log is near enough when a stretch took no longer; or not so much less than the one before. */
const LAST_STRETCH_MS = 1_000;
const SHORTER_BY = 0.75;

/**
 * Makes a new generation of all read models beside the live one, and switches to it; readers and writers go on meanwhile.
 * Why no row is lost, and no older one shown: docs/adr/0035.
 * @throws RebuildError; StoreError
 */
export async function rebuildModels(dependencies: RebuildDependencies): Promise<RebuildResult> {
  const { generations, clock, ids, signal } = dependencies;
  const ours = await beginRebuild({ generations, clock, ids, signal });
  try {
    // Not before: whoever empties the models from now on ends this rebuild.
    await assertCurrent(dependencies);
    return await makeAndSwitch(dependencies, ours);
  } catch (error) {
    // The error is what the operator must see, whether this succeeds or not: writers end a rebuild that is dead.
    await ours.end().catch(() => undefined);
    throw error;
  }
}

async function assertCurrent({ store, log, groups }: RebuildDependencies): Promise<void> {
  for (const { name, version } of groups) {
    const checkpoint = await store.readCheckpoint(name);
    const fault =
      checkpoint === undefined ? 'there are none yet' : await checkpointFault(checkpoint, version, log);
    if (fault !== undefined)
      throw new RebuildError(
        `the read models of ${name} are not those of this version and this log (${fault}): start the service, which makes them anew by itself`,
      );
  }
}

async function makeAndSwitch(
  { log, store, generations, clock, logger, groups, onProgress }: RebuildDependencies,
  { rebuild, change, beat, whenKnown }: OwnRebuild,
): Promise<RebuildResult> {
  const progress: RebuildProgress = { phase: 'preparing', events: 0, position: '', head: '' };
  const tell = (phase: RebuildPhase): void => {
    progress.phase = phase;
    onProgress(progress);
  };
  const rows = generations.rowsOf(rebuild);
  const projector = createGenerationProjector({
    log,
    rows,
    clock,
    logger,
    groups,
    beforeSlice: beat,
    onProjected(events, position) {
      progress.events += events;
      progress.position = position;
      onProgress(progress);
    },
  });
  async function projectToHead(): Promise<number> {
    const began = clock.monotonic();
    progress.head = await log.head();
    await projector.upTo(progress.head);
    return clock.monotonic() - began;
  }

  tell('preparing');
  await whenKnown();
  await generations.removeOthers(rebuild, beat);

  tell('projecting');
  for (let took = Infinity, before = Infinity; took > LAST_STRETCH_MS; before = took) {
    took = await projectToHead();
    // Where events come as fast as they are projected, writers must help.
    if (took > before * SHORTER_BY) break;
  }

  tell('writing both');
  await change((found) => ({ ...found, beside: rebuild.generation }));
  await whenKnown();
  // Whoever writes an event behind this head has begun later, and writes to both.
  await projectToHead();

  tell('comparing');
  const compared = await compareGenerations({ live: store, next: rows, groups, beforePage: beat });

  await change((found) => ({ ...found, live: rebuild.generation, beside: found.live }));
  tell('switched');
  await whenKnown();
  await projectToHead();

  await change((found) => ({ ...found, beside: null }));
  tell('removing');
  await whenKnown();
  await generations.removeOthers(rebuild, beat);
  await change((found) => ({ ...found, rebuild: null }));
  tell('done');
  return { events: progress.events, compared };
}
