import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { defaultJobConfig } from '../../src/events/job-config.js';
import { jobStream } from '../../src/events/stream-names.js';
import type { Clock } from '../../src/ports/clock.js';
import type { EventLog, RecordedEvent } from '../../src/ports/event-log.js';
import type { Generations, ReadGenerations } from '../../src/ports/read-generations.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import { projectionGroups } from '../../src/projections/groups.js';
import { createModelsClaim } from '../../src/projections/models-claim.js';
import { project } from '../../src/projections/project.js';
import type { ProjectionGroup } from '../../src/projections/projection.js';
import { rebuildModels, type RebuildResult } from '../../src/projections/rebuild-models.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { readWholeLog } from '../support/read-whole-log.js';
import { append, sampleEvent } from '../support/sample-events.js';

/** One place of read models, as several processes open it. */
export interface RebuildPlace {
  generations: ReadGenerations;
  /** The store of another process. @param beforeRows is awaited when it knows where to write, before it writes */
  openStore: (beforeRows?: () => Promise<void>) => ReadStore;
  close: () => Promise<void>;
}

export interface RebuildWorld {
  log: EventLog;
  clock: Clock & { jump: (ms: number) => void };
  place: RebuildPlace;
  groups: readonly ProjectionGroup[];
  /** Changes a job, or creates it; nobody has projected that yet. */
  change: (cronId: string) => Promise<RecordedEvent>;
  /** Projects all that is in the log, as the leader does. */
  catchUp: () => Promise<void>;
  /** @param onStep is awaited before and after each change of the generations; when it throws, the rebuild is killed */
  rebuild: (onStep?: (step: number) => Promise<void>, signal?: AbortSignal) => Promise<RebuildResult>;
}

/** All waiting is over at once, and the time has passed. */
function createJumpingClock(): RebuildWorld['clock'] {
  let jumped = 0;
  const now = (): number => performance.now() + jumped;
  const jump = (ms: number): void => void (jumped += ms);
  return {
    ...systemClock,
    monotonic: now,
    sinceBoot: now,
    jump,
    async sleep(ms) {
      jump(ms);
      await systemClock.yield();
    },
  };
}

export async function createRebuildWorld(
  open: (clock: Clock) => Promise<RebuildPlace>,
): Promise<RebuildWorld> {
  const [clock, ids, logger] = [createJumpingClock(), systemIds, createCollectingLogger()];
  const log = openSqliteEventLog({ clock: systemClock, ids, path: ':memory:' });
  const place = await open(clock);
  const groups = Object.values(projectionGroups({ allowSeconds: true }));
  const store = place.openStore();
  const versions = new Map<string, number>();

  return {
    log,
    clock,
    place,
    groups,
    async change(cron_id) {
      const version = versions.get(cron_id) ?? 0;
      const at = '2026-03-26T10:00:00.000Z';
      const config = { ...defaultJobConfig, name: cron_id, cron_expression: '0 2 * * *' };
      const event =
        version === 0
          ? { type: 'CronJobScheduled', data: { cron_id, ...config, created_at: at } }
          : {
              type: 'CronJobUpdated',
              data: { cron_id, changes: { description: `${version}` }, reason: null, updated_at: at },
            };
      await append(log, jobStream(cron_id), version, [{ ...sampleEvent(), ...event }]);
      versions.set(cron_id, version + 1);
      const [last] = await log.readStream(jobStream(cron_id), { direction: 'backwards', limit: 1 });
      if (last === undefined) throw new Error('nothing was appended');
      return last;
    },
    async catchUp() {
      const events = await readWholeLog(log);
      for (const group of groups) {
        const claimed = await createModelsClaim(group, { log, store, ids, logger }).resume();
        const { position, id } = events.at(-1) ?? { position: '', id: '' };
        const checkpoint = { ...claimed, position, event: { position, id } };
        await store.write((await project({ store, clock }, group, events)) ?? [], {
          name: group.name,
          checkpoint,
        });
      }
    },
    rebuild(onStep = () => Promise.resolve(), signal = new AbortController().signal) {
      let [step, isKilled] = [0, false];
      const generations: ReadGenerations = {
        ...place.generations,
        async replace(before, next) {
          // Nothing of a killed one runs on, not even what tidies up.
          if (isKilled) throw new Error('killed');
          if (!isStep(before, next)) return place.generations.replace(before, next);
          isKilled = true;
          await onStep(step++);
          const stored = await place.generations.replace(before, next);
          await onStep(step++);
          isKilled = false;
          return stored;
        },
      };
      const onProgress = (): void => undefined;
      return rebuildModels({ log, store, generations, clock, ids, logger, groups, onProgress, signal });
    },
  };
}

function isStep(before: Generations, next: Generations): boolean {
  return (
    before.live !== next.live || before.beside !== next.beside || before.rebuild?.id !== next.rebuild?.id
  );
}
