import type { Clock } from '../ports/clock.js';
import type { EventLog, Position } from '../ports/event-log.js';
import { START } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { Checkpoint, ReadStore } from '../ports/read-store.js';
import { mayPass } from '../ports/store-error.js';
import { checkpointFault, provenPosition } from './checkpoint-fault.js';
import { project } from './project.js';
import type { ProjectionGroup } from './projection.js';

export interface ProjectionRunner {
  /** Follows the log until `signal` aborts; resolves when it has stopped. Faults are logged and met again after a pause. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when everything up to `position` is in the models, or `signal` aborts. */
  whenProjected(position: Position, signal: AbortSignal): Promise<void>;
  position(): Position;
}

export interface ProjectionRunnerDependencies {
  log: EventLog;
  store: ReadStore;
  clock: Clock;
  logger: Logger;
}

const LONGEST_PAUSE_MS = 30_000;
const REBUILD_PROGRESS_EVENTS = 100_000;

/** Keeps the models of one group up with the log: rows first, then the checkpoint, one batch at a time. */
export function createProjectionRunner(
  group: ProjectionGroup,
  dependencies: ProjectionRunnerDependencies,
): ProjectionRunner {
  const { log, store, clock, logger } = dependencies;
  const waiting = new Set<() => void>();
  let position: Position = START;

  /** The stored checkpoint, when it was made by these projections from this very log; else the models are emptied. */
  async function resume(): Promise<Checkpoint> {
    const stored = await store.readCheckpoint(group.name);
    const reason = stored && (await checkpointFault(stored, group.version, log));
    if (stored !== undefined && reason === undefined) return { ...stored, position: provenPosition(stored) };
    if (reason !== undefined)
      logger.warn({ projection: group.name, reason }, 'read models are rebuilt from the log');
    await store.reset(
      group.name,
      group.projections.map(({ model }) => model),
    );
    return { position: START, event: null, projection_version: group.version };
  }

  async function follow(signal: AbortSignal, onProgress: () => void): Promise<void> {
    let checkpoint = await resume();
    advance(checkpoint.position);
    let events = 0;
    for await (const batch of log.subscribe({
      from: checkpoint.position,
      prefixes: group.prefixes,
      signal,
    })) {
      if (batch.position !== checkpoint.position) {
        const last = batch.events.at(-1);
        checkpoint = {
          position: batch.position,
          event: last ? { position: last.position, id: last.id } : checkpoint.event,
          projection_version: group.version,
        };
        await store.write(await project(store, group, batch.events), { name: group.name, checkpoint });
        advance(batch.position);
        const before = Math.floor(events / REBUILD_PROGRESS_EVENTS);
        events += batch.events.length;
        if (Math.floor(events / REBUILD_PROGRESS_EVENTS) > before && !batch.caughtUp) {
          logger.info({ projection: group.name, events }, 'projecting the log');
        }
      }
      onProgress();
    }
  }

  function advance(to: Position): void {
    position = to;
    for (const check of waiting) check();
  }

  return {
    position: () => position,
    async run(signal) {
      let failures = 0;
      while (!signal.aborted) {
        try {
          await follow(signal, () => (failures = 0));
        } catch (error) {
          failures++;
          logger[mayPass(error) ? 'warn' : 'error'](
            { err: error, projection: group.name, position },
            'the projection has stopped; it is tried again',
          );
          await clock.sleep(Math.min(100 * 2 ** failures, LONGEST_PAUSE_MS), signal);
        }
      }
    },
    whenProjected(target, signal) {
      if (position >= target || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const check = (): void => {
          if (position < target && !signal.aborted) return;
          waiting.delete(check);
          signal.removeEventListener('abort', check);
          resolve();
        };
        waiting.add(check);
        signal.addEventListener('abort', check);
      });
    },
  };
}
