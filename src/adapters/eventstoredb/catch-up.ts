import type { Batch, Position, SubscribeOptions } from '../../ports/event-log.js';
import { abortWith } from '../../waiting/abort-with.js';
import { isAborted } from '../../waiting/is-aborted.js';
import { NO_REASON } from '../../waiting/no-reason.js';
import type { Connection } from './connect.js';
import { readEntries } from './recent-events.js';
import { openSubscription, SEARCH_MS, type Subscription } from './subscription.js';
import { toStoreError } from './to-store-error.js';
import { isTooSlow } from './too-slow.js';

export interface CatchUpOptions extends SubscribeOptions {
  head: () => Promise<Position>;
  /** Whether a follower at this position may go on without a subscription of its own. */
  isNear: (position: Position) => boolean;
}

/** Events arrive one by one: a batch of many is worth waiting for. */
const GATHER_MS = 10;

/**
 * Follows the log by a subscription of its own, at the pace of the reader. Ends when it is near the end of the log, when
 * `signal` aborts, or when a new subscription from the last position is due.
 * @throws StoreError
 */
export async function* catchUp(connection: Connection, options: CatchUpOptions): AsyncGenerator<Batch> {
  const { clock, server } = connection;
  const { from, prefixes, signal, head, isNear } = options;
  // From before the subscription: the server's notice that the end is reached vouches for all up to here.
  const end = await head();
  const subscription = openSubscription(connection, { from, prefixes });
  let position = from;
  try {
    while (!isAborted(signal)) {
      if (await isSilent(subscription, { clock, signal, ms: SEARCH_MS })) return;
      await clock.sleep(GATHER_MS, signal);
      const { entries, checkpoint, caughtUp, failure } = subscription.take();
      const reached = [position, entries.at(-1)?.position, checkpoint, caughtUp ? end : undefined];
      const read = readEntries(entries, { from: position, end: latest(reached) });
      position = read.position;
      const isLast = isNear(position);
      // Before the reader works on the last batch.
      if (isLast) await subscription.close();
      yield { events: read.events, position, caughtUp: caughtUp && read.damage === undefined };
      if (read.damage !== undefined) throw read.damage;
      if (isLast || (failure !== undefined && isTooSlow(failure) && position > from)) return;
      if (failure !== undefined) throw toStoreError(failure, server);
    }
  } finally {
    await subscription.close();
  }
}

function latest(positions: readonly (Position | undefined)[]): Position {
  return positions.reduce<Position>(
    (last, position) => (position !== undefined && position > last ? position : last),
    '',
  );
}

async function isSilent(
  subscription: Subscription,
  { clock, signal, ms }: { clock: Connection['clock']; signal: AbortSignal; ms: number },
): Promise<boolean> {
  const over = abortWith(signal);
  try {
    return await Promise.race([
      subscription.arrival().then(() => false),
      clock.sleep(ms, over.signal).then(() => true),
    ]);
  } finally {
    over.abort(NO_REASON);
  }
}
