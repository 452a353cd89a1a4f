import { createFollower } from '../following/follower.js';
import type { Clock } from '../ports/clock.js';
import { START, type EventLog, type Position, type RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { GenerationRows } from '../ports/read-generations.js';
import { mayPass, StoreError } from '../ports/store-error.js';
import { NO_REASON } from '../waiting/no-reason.js';
import { project } from './project.js';
import type { ProjectionGroup } from './projection.js';

export interface GenerationDependencies {
  log: EventLog;
  rows: GenerationRows;
  clock: Clock;
  logger: Logger;
  groups: readonly ProjectionGroup[];
  /** Awaited before each slice; what it throws ends the projecting. */
  beforeSlice: () => Promise<void>;
  onProjected: (events: number, position: Position) => void;
}

export interface GenerationProjector {
  /** Projects the log up to a position, from where it stopped before. @throws StoreError; what `beforeSlice` throws */
  upTo: (head: Position) => Promise<void>;
}

const EVENTS_AT_ONCE = 500;
const NOT_OURS = 'an instance of an earlier version writes rows meanwhile: stop it, and rebuild again';
/** The machine and the store belong to the service first: after each slice rest for so much of its time. */
const REST_SHARE = 0.5;

/** Projects the whole log into a generation that has no checkpoint: its rows tell what is in them. */
export function createGenerationProjector({
  log,
  rows,
  clock,
  logger,
  groups,
  beforeSlice,
  onProjected,
}: GenerationDependencies): GenerationProjector {
  const prefixes = [...new Set(groups.flatMap((group) => group.prefixes))];
  let position = START;

  async function projectSlice(slice: readonly RecordedEvent[]): Promise<void> {
    await beforeSlice();
    const began = clock.monotonic();
    for (const group of groups) {
      const events = slice.filter(({ stream }) => group.prefixes.some((prefix) => stream.startsWith(prefix)));
      const changes = await project({ store: rows, clock }, group, events);
      if (changes === undefined) throw new StoreError('store_damaged', NOT_OURS);
      await rows.write(changes);
    }
    onProjected(slice.length, slice.at(-1)?.position ?? position);
    await clock.sleep((clock.monotonic() - began) * REST_SHARE);
  }

  return {
    async upTo(head) {
      if (position >= head) return;
      const over = new AbortController();
      const follower = createFollower({
        log,
        clock,
        logger,
        prefixes,
        pauses: { firstMs: 200, longestMs: 5_000 },
        faultText: 'projecting failed; retrying',
        isFatal: (error) => !mayPass(error),
        resume: () =>
          Promise.resolve({
            from: position,
            async take({ events, position: reached }) {
              for (let at = 0; at < events.length; at += EVENTS_AT_ONCE)
                await projectSlice(events.slice(at, at + EVENTS_AT_ONCE));
              position = reached;
              if (position >= head) over.abort(NO_REASON);
            },
          }),
      });
      await follower.run(over.signal);
    },
  };
}
