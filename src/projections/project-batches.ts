import type { Resumed } from '../following/follower.js';
import type { Clock } from '../ports/clock.js';
import type { RecordedEvent } from '../ports/event-log.js';
import type { Checkpoint, ReadStore } from '../ports/read-store.js';
import { createTurns } from '../waiting/turns.js';
import { project } from './project.js';
import type { ProjectionGroup } from './projection.js';

/**
 * Events projected at once. A store too slow for that many would fail each time and never make progress: so fewer after
 * a failure, and some more with each success.
 */
const MOST_EVENTS = 1_000;
const LEAST_EVENTS = 16;

/**
 * Positions without events of the group are stored at most so often: each event of another group moves the position, and
 * would cost a write of the read store. Other processes that wait for a position read the stored one.
 */
const STORED_EVERY_MS = 100;

/**
 * Projects batches in slices, each with its checkpoint.
 * @returns a function that resumes from a checkpoint which this projector has claimed
 */
export function createBatchProjector(
  group: ProjectionGroup,
  { store, clock }: { store: ReadStore; clock: Clock },
): (claimed: Checkpoint) => Resumed {
  let mostEvents = MOST_EVENTS;

  async function write(events: readonly RecordedEvent[], checkpoint: Checkpoint): Promise<void> {
    try {
      await store.write(await project(store, group, events), { name: group.name, checkpoint });
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

/** Stores something that changes often: at once after a quiet time, else the newest of it a moment later. */
interface LazyStore {
  /** @throws why it could not be stored, if that was tried at once */
  store(): Promise<void>;
  /** @throws why it could not be stored a moment later */
  throwIfFailed: () => void;
  /** Leaves out what is not stored yet. */
  close: () => Promise<void>;
}

function createLazyStore(clock: Clock, storeNow: () => Promise<void>): LazyStore {
  const closing = new AbortController();
  let storedAt = -Infinity;
  let isDue = false;
  let storing: Promise<void> | undefined;
  let failure: { error: unknown } | undefined;

  async function storeWhenDue(waitMs: number): Promise<void> {
    await clock.sleep(waitMs, closing.signal);
    // However slow the store is, one is in work and one waits: rows must not queue behind many.
    await storing;
    isDue = false;
    if (closing.signal.aborted || failure !== undefined) return;
    storedAt = clock.monotonic();
    storing = storeNow().catch((error: unknown) => {
      failure = { error };
    });
    await storing;
  }

  function throwIfFailed(): void {
    if (failure !== undefined) throw failure.error;
  }

  return {
    async store() {
      if (isDue) return;
      const waitMs = storedAt + STORED_EVERY_MS - clock.monotonic();
      if (waitMs > 0) {
        isDue = true;
        void storeWhenDue(waitMs);
        return;
      }
      await storing;
      throwIfFailed();
      storedAt = clock.monotonic();
      await storeNow();
    },
    throwIfFailed,
    async close() {
      closing.abort();
      await storing;
    },
  };
}
