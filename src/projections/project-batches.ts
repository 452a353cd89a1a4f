import type { Resumed } from '../following/follower.js';
import type { RecordedEvent } from '../ports/event-log.js';
import type { Checkpoint, ReadStore } from '../ports/read-store.js';
import { project } from './project.js';
import type { ProjectionGroup } from './projection.js';

/**
 * Events projected at once. A store too slow for that many would fail each time and never make progress: so fewer after
 * a failure, and some more with each success.
 */
const MOST_EVENTS = 1_000;
const LEAST_EVENTS = 16;

/**
 * Projects batches in slices, each with its checkpoint.
 * @returns a function that resumes from a checkpoint which this projector has claimed
 */
export function createBatchProjector(
  group: ProjectionGroup,
  store: ReadStore,
): (claimed: Checkpoint) => Resumed {
  let mostEvents = MOST_EVENTS;

  async function write(events: readonly RecordedEvent[], checkpoint: Checkpoint): Promise<void> {
    try {
      await store.write(await project(store, group, events), { name: group.name, checkpoint });
    } catch (error) {
      mostEvents = Math.max(LEAST_EVENTS, Math.floor(mostEvents / 4));
      throw error;
    }
    mostEvents = Math.min(mostEvents + LEAST_EVENTS, MOST_EVENTS);
  }

  return (claimed) => {
    let checkpoint = claimed;
    return {
      from: claimed.position,
      async take({ events, position }, signal, moveTo) {
        if (position === checkpoint.position) return;
        let at = 0;
        do {
          const slice = events.slice(at, at + mostEvents);
          at += slice.length;
          const last = slice.at(-1);
          checkpoint = {
            ...checkpoint,
            position: last !== undefined && at < events.length ? last.position : position,
            event: last === undefined ? checkpoint.event : { position: last.position, id: last.id },
          };
          await write(slice, checkpoint);
          moveTo(checkpoint.position);
        } while (at < events.length && !signal.aborted);
      },
    };
  };
}
