import type { ResolvedEvent } from '@eventstore/db-client';
import {
  START,
  type Batch,
  type Position,
  type RecordedEvent,
  type SubscribeOptions,
} from '../../ports/event-log.js';
import { StoreError } from '../../ports/store-error.js';
import { abortWith } from '../../waiting/abort-with.js';
import { isAborted } from '../../waiting/is-aborted.js';
import type { Connection } from './connect.js';
import { openLiveFeed, type LiveFeed } from './live-feed.js';
import { fromPosition } from './position.js';
import { toRecorded } from './to-recorded.js';
import { toStoreError } from './to-store-error.js';

export interface FollowOptions extends SubscribeOptions {
  head: () => Promise<Position>;
  silenceMs: number;
}

/** Timeout while catching up: the server is silent while it searches a long log for matching events. */
const SEARCH_MS = 30_000;
const GATHER_MS = 10;

/**
 * Follows the log by subscriptions of the client, one after the other.
 *
 * The server reports progress past events that do not match only now and then, and a subscription may be lost silently.
 * So when nothing has arrived for a while although the log has grown, this resubscribes from the last position:
 * catching up then reports everything up to the end.
 * @throws StoreError when a subscription is lost: subscribe again from the last position
 */
export async function* followAll(connection: Connection, options: FollowOptions): AsyncGenerator<Batch> {
  const { from, prefixes, signal, head, silenceMs } = options;
  if (from !== START && fromPosition(from) === undefined) {
    throw new StoreError('store_damaged', `${connection.server}: ${from} is no position of this log`);
  }
  let position = from;
  let told = false;
  while (!signal.aborted) {
    const end = await head();
    const feed = openLiveFeed(connection, { from: position, prefixes });
    try {
      for await (const batch of readFeed(connection, feed, {
        from: position,
        end,
        head,
        signal,
        silenceMs,
      })) {
        const moved = batch.position !== position;
        position = batch.position;
        if (!moved && (told || !batch.caughtUp)) continue;
        told ||= batch.caughtUp;
        yield batch;
      }
    } finally {
      await feed.close();
    }
  }
}

/** Yields until a resubscription is due, or `signal` aborts. `end` is the head from before the subscription. */
async function* readFeed(
  { clock, server }: Connection,
  feed: LiveFeed,
  { from, end, head, signal, silenceMs }: Omit<FollowOptions, 'prefixes'> & { end: Position },
): AsyncGenerator<Batch> {
  let position = from;
  let live = false;
  let headBefore: Position | undefined;
  while (!signal.aborted) {
    const silent = await isSilent(feed, { clock, signal, ms: live ? silenceMs : SEARCH_MS });
    if (isAborted(signal)) return;
    if (silent) {
      // Events in the log one whole silence ago should have arrived.
      if (!live || (headBefore !== undefined && headBefore > position)) return;
      headBefore = await head();
      continue;
    }
    headBefore = undefined;
    // Events arrive one by one; until the end is reached a batch of many is worth waiting for.
    if (!live) await clock.sleep(GATHER_MS, signal);
    const { events, checkpoint, caughtUp, failure } = feed.take();
    const { recorded, damage } = readAll(events, server);
    live ||= caughtUp;
    const behind = damage === undefined ? [checkpoint, caughtUp ? end : undefined] : [];
    for (const place of [recorded.at(-1)?.position, ...behind])
      if (place !== undefined && place > position) position = place;
    yield { events: recorded, position, caughtUp: live && damage === undefined };
    if (damage !== undefined) throw damage;
    if (failure !== undefined) throw toStoreError(failure, server);
  }
}

/** Reads up to the first event of another program: those before it must not be withheld. */
function readAll(
  events: readonly ResolvedEvent[],
  server: string,
): { recorded: RecordedEvent[]; damage: StoreError | undefined } {
  const recorded: RecordedEvent[] = [];
  for (const event of events) {
    try {
      recorded.push(toRecorded(event, server));
    } catch (error) {
      if (error instanceof StoreError) return { recorded, damage: error };
      throw error;
    }
  }
  return { recorded, damage: undefined };
}

async function isSilent(
  feed: LiveFeed,
  { clock, signal, ms }: { clock: Connection['clock']; signal: AbortSignal; ms: number },
): Promise<boolean> {
  const over = abortWith(signal);
  try {
    return await Promise.race([
      feed.arrival().then(() => false),
      clock.sleep(ms, over.signal).then(() => true),
    ]);
  } finally {
    over.abort();
  }
}
