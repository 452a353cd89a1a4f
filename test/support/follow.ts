import {
  START,
  type Batch,
  type EventLog,
  type Position,
  type RecordedEvent,
} from '../../src/ports/event-log.js';

/** A subscription that is pulled by hand. */
export interface Following {
  /** All batches pulled so far. */
  batches: Batch[];
  /** All events pulled so far. */
  events(): RecordedEvent[];
  /** The next batch; undefined when the subscription has ended. */
  pull(): Promise<Batch | undefined>;
  /** Pulls until `enough` of a batch. */
  until(enough: (batch: Batch) => boolean): Promise<void>;
  untilCaughtUp(): Promise<void>;
  /** Pulls until that many events in all have come. */
  untilEvents(count: number): Promise<void>;
  abort(): void;
}

const followings: Following[] = [];

export function follow(log: EventLog, prefixes: readonly string[], from: Position = START): Following {
  const controller = new AbortController();
  const iterator = log.subscribe({ from, prefixes, signal: controller.signal })[Symbol.asyncIterator]();
  const batches: Batch[] = [];

  async function until(enough: (batch: Batch) => boolean): Promise<void> {
    for (;;) {
      const batch = await following.pull();
      if (batch === undefined) throw new Error('the subscription has ended');
      if (enough(batch)) return;
    }
  }

  const following: Following = {
    batches,
    events: () => batches.flatMap(({ events }) => events),
    async pull() {
      const result: IteratorResult<Batch, unknown> = await iterator.next();
      if (result.done === true) return undefined;
      batches.push(result.value);
      return result.value;
    },
    until,
    untilCaughtUp: () => until(({ caughtUp }) => caughtUp),
    async untilEvents(count) {
      if (following.events().length < count) await until(() => following.events().length >= count);
    },
    abort: () => controller.abort(),
  };
  followings.push(following);
  return following;
}

/** For afterEach: no subscription outlives its test. */
export function abortAll(): void {
  for (const following of followings.splice(0)) following.abort();
}
