import type { Batch, Position } from '../../ports/event-log.js';
import type { StoreError } from '../../ports/store-error.js';
import { isAborted } from '../../waiting/is-aborted.js';
import { createNews } from '../../waiting/news.js';
import type { Connection } from './connect.js';
import { createRecentEvents, type RecentEvents } from './recent-events.js';
import { openSubscription, SEARCH_MS, type Subscription } from './subscription.js';
import { toStoreError } from './to-store-error.js';
import { isTooSlow } from './too-slow.js';

/**
 * The end of the log, followed by one subscription for all followers of this process. It reads as fast as the server
 * sends, and keeps what has come lately. It ends with the first fault.
 */
export interface Tail {
  /** Resolves when streams with these prefixes are followed, too, or `signal` aborts. @throws StoreError */
  cover(prefixes: readonly string[], signal: AbortSignal): Promise<void>;
  /** Whether everything after a position is here, or will be. `prefixes` must be covered. */
  isNear(position: Position, prefixes: readonly string[]): boolean;
  /**
   * What came after a position that is near; waits for something, for the end of the log unless `told` of it before, or
   * until `signal` aborts. @throws StoreError
   */
  after(position: Position, options: TailReadOptions): Promise<TailBatch>;
  /** The log reaches that far: if this does not, soon, it subscribes anew, since the server tells of nothing else. */
  expect(head: Position): void;
  /** What has ended it. */
  failure(): StoreError | undefined;
  close(): Promise<void>;
}

export interface TailReadOptions {
  prefixes: readonly string[];
  signal: AbortSignal;
  told: boolean;
}

export interface TailBatch extends Batch {
  /** Why the next event cannot be read. */
  damage: StoreError | undefined;
}

export interface TailOptions {
  head: () => Promise<Position>;
  /** How long the server may be silent before the log is asked for its head. */
  silenceMs: number;
}

/** An event is here within this time after it was written; events of other programs never come. */
const SOON_MS = 50;

/** Ends a subscription that the next one replaces. */
class ReplacedError extends Error {
  override readonly name = 'ReplacedError';
}

export function openTail(connection: Connection, { head, silenceMs }: TailOptions): Tail {
  const { clock, server } = connection;
  const over = new AbortController();
  const news = createNews();
  /** From where on the streams with a prefix are followed. */
  const since = new Map<string, Position>();
  const wanted = new Set<string>();
  let recent: RecentEvents | undefined;
  let subscription: Subscription | undefined;
  let isLive = false;
  let arrivals = 0;
  /** Since when nothing has come, or the subscription was opened, monotonic milliseconds. */
  let quietSince = clock.monotonic();
  let tooSlowAt: Position | undefined;
  let expected: Position = '';
  let isExpecting = false;
  let failure: StoreError | undefined;

  const reached = (): Position => recent?.position() ?? '';

  function replace(): void {
    subscription?.end(new ReplacedError());
  }

  function fail(error: unknown): void {
    failure ??= toStoreError(error, server);
    over.abort();
    replace();
    news.tell();
  }

  async function run(): Promise<void> {
    while (!isAborted(over.signal)) {
      const end = await head();
      // Nobody would end a subscription that begins after the end.
      if (isAborted(over.signal)) return;
      recent ??= createRecentEvents(end);
      for (const prefix of wanted) if (!since.has(prefix)) since.set(prefix, recent.position());
      isLive = false;
      quietSince = clock.monotonic();
      subscription = openSubscription(connection, { from: recent.position(), prefixes: [...since.keys()] });
      news.tell();
      try {
        await take(subscription, recent, end);
      } finally {
        await subscription.close();
      }
    }
  }

  /** Until another subscription is due. @throws what else has ended this one */
  async function take(from: Subscription, into: RecentEvents, end: Position): Promise<void> {
    for (;;) {
      await from.arrival();
      // Events arrive one by one: those of one turn of the event loop are one batch.
      await clock.yield();
      const { entries, checkpoint, caughtUp, failure: ended } = from.take();
      if (entries.length > 0 || checkpoint !== undefined || caughtUp) arrivals++;
      entries.forEach(into.add);
      if (checkpoint !== undefined) into.moveTo(checkpoint);
      if (caughtUp) into.moveTo(end);
      isLive ||= caughtUp;
      news.tell();
      if (ended === undefined) continue;
      if (ended instanceof ReplacedError) return;
      // Ordinary under load; a fault, when it repeats and nothing has come in between.
      if (isTooSlow(ended) && into.position() !== tooSlowAt) {
        tooSlowAt = into.position();
        return;
      }
      throw ended;
    }
  }

  /** A subscription may be lost silently, and the server is silent about events that do not match. */
  async function watch(): Promise<void> {
    let seen = arrivals;
    for (;;) {
      await clock.sleep(silenceMs, over.signal);
      if (isAborted(over.signal)) return;
      if (arrivals !== seen) [seen, quietSince] = [arrivals, clock.monotonic()];
      else if (isLive) await head();
      else if (clock.monotonic() - quietSince > SEARCH_MS) replace();
    }
  }

  async function askForExpected(): Promise<void> {
    let before: number;
    do {
      before = arrivals;
      await clock.sleep(SOON_MS, over.signal);
      if (over.signal.aborted || !isLive || reached() >= expected) return;
    } while (arrivals !== before);
    replace();
  }

  const running = Promise.all([run().catch(fail), watch().catch(fail)]);

  return {
    async cover(prefixes, signal) {
      const lacking = prefixes.filter((prefix) => !since.has(prefix));
      lacking.forEach((prefix) => wanted.add(prefix));
      if (lacking.length > 0) replace();
      while (failure === undefined && !isAborted(signal) && !lacking.every((prefix) => since.has(prefix)))
        await news.next(signal);
      if (failure !== undefined) throw failure;
    },
    isNear: (position, prefixes) =>
      recent !== undefined &&
      position >= recent.begin() &&
      prefixes.every((prefix) => position >= (since.get(prefix) ?? position)),
    async after(position, { prefixes, signal, told }) {
      for (;;) {
        const read = recent?.after(position, prefixes) ?? { events: [], position, damage: undefined };
        const isNews = read.position > position || read.damage !== undefined || (isLive && !told);
        if (isNews || signal.aborted) return { ...read, caughtUp: isLive && read.damage === undefined };
        if (failure !== undefined) throw failure;
        await news.next(signal);
      }
    },
    expect(end) {
      if (end > expected) expected = end;
      if (isExpecting || !isLive || reached() >= expected) return;
      isExpecting = true;
      void askForExpected().finally(() => (isExpecting = false));
    },
    failure: () => failure,
    async close() {
      over.abort();
      replace();
      await running;
    },
  };
}
