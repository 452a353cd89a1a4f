import type { Resumed } from '../following/follower.js';
import type { Clock } from '../ports/clock.js';
import type { RecordedEvent } from '../ports/event-log.js';
import type { Checkpoint, ReadStore } from '../ports/read-store.js';
import { StoreError } from '../ports/store-error.js';
import { createTurns } from '../waiting/turns.js';
import { createLazyStore } from './lazy-store.js';
import type { ModelsClaim } from './models-claim.js';
import { project } from './project.js';
import type { ProjectionGroup } from './projection.js';

/**
 * Events projected at once. A store too slow for that many would fail each time and never make progress: so fewer after
 * a failure, and some more with each success.
 */
const MOST_EVENTS = 1_000;
const LEAST_EVENTS = 16;

export interface BatchProjectorDependencies extends Pick<ModelsClaim, 'makeAnew'> {
  store: ReadStore;
  clock: Clock;
}

/**
 * Projects batches in slices, each with its checkpoint.
 * @returns a function that resumes from a checkpoint which this projector has claimed
 */
export function createBatchProjector(
  group: ProjectionGroup,
  { store, clock, makeAnew }: BatchProjectorDependencies,
): (claimed: Checkpoint) => Resumed {
  let mostEvents = MOST_EVENTS;

  /** What an instance of an earlier version has written is never folded onto. */
  async function giveUp(): Promise<never> {
    await makeAnew('a row is not what this version has folded');
    throw new StoreError('checkpoint_taken', `the models of ${group.name} are made anew`);
  }

  async function write(events: readonly RecordedEvent[], checkpoint: Checkpoint): Promise<void> {
    try {
      const changes = await project({ store, clock }, group, events);
      if (changes === undefined) return await giveUp();
      await store.write(changes, { name: group.name, checkpoint });
    } catch (error) {
      if (events.length > 0) mostEvents = Math.max(LEAST_EVENTS, Math.floor(mostEvents / 4));
      throw error;
    }
    if (events.length > 0) mostEvents = Math.min(mostEvents + LEAST_EVENTS, MOST_EVENTS);
  }

  return (claimed) => {
    /** Everything up to here is in the models. */
    let checkpoint = claimed;
    const turns = createTurns(1);

    /** One write at a time: a checkpoint must never be stored before the rows that it stands for. */
    async function inTurn(work: () => Promise<void>): Promise<void> {
      const endTurn = await turns.take();
      try {
        await work();
      } finally {
        endTurn();
      }
    }

    const lazy = createLazyStore(clock, () => inTurn(() => write([], checkpoint)));
    return {
      from: claimed.position,
      async take({ events, position }, signal, moveTo) {
        lazy.throwIfFailed();
        if (position === checkpoint.position) return;
        if (events.length === 0) {
          checkpoint = { ...checkpoint, position };
          await lazy.store();
          moveTo(position);
          return;
        }
        for (let at = 0; at < events.length && !signal.aborted;) {
          const slice = events.slice(at, at + mostEvents);
          at += slice.length;
          const { position: reached = position, id = '' } = slice.at(-1) ?? {};
          const event = { position: reached, id };
          const next = { ...checkpoint, position: at < events.length ? reached : position, event };
          await inTurn(async () => {
            await write(slice, next);
            checkpoint = next;
          });
          moveTo(next.position);
        }
      },
      close: lazy.close,
    };
  };
}
