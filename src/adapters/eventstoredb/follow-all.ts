import { START, type Batch, type Position, type SubscribeOptions } from '../../ports/event-log.js';
import { StoreError } from '../../ports/store-error.js';
import { isAborted } from '../../waiting/is-aborted.js';
import { catchUp } from './catch-up.js';
import type { Connection } from './connect.js';
import { fromPosition } from './position.js';
import type { SharedTail } from './shared-tail.js';
import type { Tail, TailReadOptions } from './tail.js';

export interface FollowOptions extends SubscribeOptions {
  head: () => Promise<Position>;
  shared: SharedTail;
}

/**
 * Follows the log: at the end, by the subscription that all followers of this process share; a follower that is behind
 * catches up by one of its own.
 * @throws StoreError when a subscription is lost: subscribe again from the last position
 */
export async function* followAll(connection: Connection, options: FollowOptions): AsyncGenerator<Batch> {
  const { from, prefixes, signal, head, shared } = options;
  if (from !== START && fromPosition(from) === undefined) {
    throw new StoreError('store_damaged', `${connection.server}: ${from} is no position of this log`);
  }
  let position = from;
  let told = false;
  while (!isAborted(signal)) {
    const { tail, leave } = shared.join();
    const isNear = (at: Position): boolean => tail.isNear(at, prefixes);
    try {
      await tail.cover(prefixes, signal);
      while (!isAborted(signal) && tail.failure() === undefined) {
        const batches: AsyncIterable<Batch> = isNear(position)
          ? readTail(tail, { from: position, prefixes, signal, told })
          : catchUp(connection, { from: position, prefixes, signal, head, isNear });
        for await (const batch of batches) {
          const moved = batch.position !== position;
          position = batch.position;
          if (!moved && (told || !batch.caughtUp)) continue;
          told ||= batch.caughtUp;
          yield batch;
        }
      }
      // Also to one that was busy meanwhile: the log may have been restored, so it has to resume.
      const lost = tail.failure();
      if (lost !== undefined && !isAborted(signal)) throw lost;
    } finally {
      await leave();
    }
  }
}

/** Ends when the reader has fallen behind, or `signal` aborts. @throws StoreError */
async function* readTail(
  tail: Tail,
  { from, prefixes, signal, told }: TailReadOptions & { from: Position },
): AsyncGenerator<Batch> {
  let position = from;
  let wasTold = told;
  while (!isAborted(signal) && tail.isNear(position, prefixes)) {
    const { damage, ...batch } = await tail.after(position, { prefixes, signal, told: wasTold });
    if (isAborted(signal)) return;
    position = batch.position;
    wasTold ||= batch.caughtUp;
    yield batch;
    if (damage !== undefined) throw damage;
  }
}
