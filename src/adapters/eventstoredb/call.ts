import type { ResolvedEvent, StreamingRead } from '@eventstore/db-client';
import { StoreError } from '../../ports/store-error.js';
import type { Connection } from './connect.js';
import { toStoreError, typeOf } from './to-store-error.js';
import { NO_REASON } from '../../waiting/no-reason.js';

/**
 * Sends everything to the leader: a follower may lag behind what was just acknowledged. When the leader has changed,
 * the client switches to the new one after the first refusal.
 * @throws StoreError
 */
export async function call<T>({ clock, server, closing }: Connection, ask: () => Promise<T>): Promise<T> {
  try {
    const answer = await ask().catch(async (error: unknown) => {
      if (typeOf(error) !== 'not-leader') throw error;
      // The client switches its channel a few steps after it has rejected the call.
      await clock.yield();
      return ask();
    });
    // To the client, a read cut off by closing looks complete.
    if (closing.aborted) throw new StoreError('store_unavailable', `${server}: has been closed`);
    return answer;
  } catch (error) {
    throw toStoreError(error, server);
  }
}

/** All events of a read. The client never times out a read, so this enforces the deadline. */
export async function collect(
  { clock, deadlineMs }: Connection,
  read: StreamingRead<ResolvedEvent>,
): Promise<ResolvedEvent[]> {
  const events: ResolvedEvent[] = [];
  const ended = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      read.on('data', (event: ResolvedEvent) => events.push(event));
      read.once('end', resolve);
      read.on('error', reject);
      clock
        .sleep(deadlineMs, ended.signal)
        .then(() => {
          reject(new Error(`no answer within ${deadlineMs} ms`));
        })
        .catch(reject);
    });
    return events;
  } catch (error) {
    // Without it the call would stay open; one that was never made cannot be cancelled, and has failed already.
    read.cancel().catch(() => undefined);
    throw error;
  } finally {
    ended.abort(NO_REASON);
  }
}
