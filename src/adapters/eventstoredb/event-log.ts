import { BACKWARDS, END, FORWARDS, START as FIRST } from '@eventstore/db-client';
import { abortWith } from '../../waiting/abort-with.js';
import type { Clock } from '../../ports/clock.js';
import { START, type EventLog, type Position, type RecordedEvent } from '../../ports/event-log.js';
import { StoreError } from '../../ports/store-error.js';
import { appendAll } from './append.js';
import { call, collect } from './call.js';
import { connect } from './connect.js';
import { followAll } from './follow-all.js';
import { createSharedTail } from './shared-tail.js';
import { fromPosition, toPosition } from './position.js';
import { toRecorded } from './to-recorded.js';
import { toStoreError, typeOf } from './to-store-error.js';

export interface EventStoreOptions {
  url: string;
  clock: Clock;
  /** How long a call may take: well above the server's own time-outs for a write, 4 s in all. */
  deadlineMs?: number;
  /** How long a subscription may be silent before a check for missed events. */
  silenceMs?: number;
}

/**
 * The event log on EventStoreDB, version 23.10 or later, or KurrentDB. Its rule for repeated appends is the one that
 * the port describes. The server may be down: calls then fail with store_unavailable, and later ones find it again.
 */
export function openEventStoreLog({
  url,
  clock,
  deadlineMs = 5_000,
  silenceMs = 500,
}: EventStoreOptions): EventLog {
  const closing = new AbortController();
  const connection = connect({ url, clock, deadlineMs, closing: closing.signal });
  const { client, server } = connection;
  const shared = createSharedTail(connection, { head, silenceMs });

  function assertOpen(): void {
    if (closing.signal.aborted) throw new StoreError('store_unavailable', `${server}: has been closed`);
  }

  async function head(): Promise<Position> {
    assertOpen();
    const read = () =>
      client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1, requiresLeader: true });
    const [last] = await call(connection, () => collect(connection, read()));
    const position = last?.event?.position;
    const end = position === undefined ? START : toPosition(position);
    // Whoever asks for it may wait for it next.
    shared.expect(end);
    return end;
  }

  return {
    hasOwnClock: true,
    async append(writes) {
      assertOpen();
      return appendAll(connection, writes);
    },
    async readStream(stream, { direction, from, limit }): Promise<RecordedEvent[]> {
      assertOpen();
      const first = direction === 'forwards' ? FIRST : END;
      const fromRevision = from === undefined ? first : BigInt(from - 1);
      const read = () =>
        client.readStream(stream, {
          direction: direction === 'forwards' ? FORWARDS : BACKWARDS,
          fromRevision,
          maxCount: limit,
          requiresLeader: true,
        });
      const events = await call(connection, () =>
        collect(connection, read()).catch((error: unknown) => {
          if (typeOf(error) === 'stream-not-found') return [];
          throw error;
        }),
      );
      return events.map((event) => toRecorded(event, server));
    },
    async *subscribe({ from, prefixes, signal }) {
      const ending = abortWith(signal, closing.signal);
      try {
        yield* followAll(connection, { from, prefixes, signal: ending.signal, head, shared });
      } finally {
        ending.abort();
      }
    },
    head,
    async eventIdAt(position) {
      assertOpen();
      const from = fromPosition(position);
      if (from === undefined) return undefined;
      const read = () => client.readAll({ fromPosition: from, maxCount: 1, requiresLeader: true });
      const [found] = await call(connection, () =>
        collect(connection, read()).catch(async (error: unknown) => {
          // Where no event begins, the server reports only an unknown error; `head` rules out an outage.
          if (typeOf(error) !== 'unknown') throw error;
          await head();
          return [];
        }),
      );
      const { event } = found ?? {};
      return event?.position !== undefined && toPosition(event.position) === position ? event.id : undefined;
    },
    async setMaxCount(stream, count) {
      if (!Number.isInteger(count) || count < 1)
        throw new RangeError('a stream keeps at least its last event');
      assertOpen();
      await call(connection, () =>
        client.setStreamMetadata(stream, { maxCount: count }, { requiresLeader: true, deadline: deadlineMs }),
      );
    },
    async close() {
      closing.abort();
      await client.dispose().catch((error: unknown) => {
        throw toStoreError(error, server);
      });
    },
  };
}
