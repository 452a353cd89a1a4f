import { jsonEvent, NO_STREAM, WrongExpectedVersionError } from '@eventstore/db-client';
import type { AppendedEvent, Outcome, Write } from '../../ports/event-log.js';
import { call } from './call.js';
import type { Connection } from './connect.js';
import { toStoredMetadata } from './stored-metadata.js';

/** Each write is a separate call; the server batches those that arrive together. */
const WRITES_AT_ONCE = 64;

/** Many writes, each with its own outcome. Those to one stream are made one after the other. */
export async function appendAll(connection: Connection, writes: readonly Write[]): Promise<Outcome[]> {
  const outcomes = new Array<Outcome>(writes.length);
  const streams = new Map<string, number[]>();
  for (const [index, { stream }] of writes.entries()) {
    streams.set(stream, [...(streams.get(stream) ?? []), index]);
  }
  const waiting = [...streams.values()];

  async function work(): Promise<void> {
    for (let indexes = waiting.shift(); indexes !== undefined; indexes = waiting.shift()) {
      for (const index of indexes) {
        const write = writes[index];
        if (write !== undefined) outcomes[index] = await append(connection, write);
      }
    }
  }

  const workers = Array.from({ length: Math.min(WRITES_AT_ONCE, streams.size) }, work);
  // Wait for writes in flight: nothing of this call may still be written after it has failed.
  const results = await Promise.allSettled(workers);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return outcomes;
}

/** The server recognises repeats as the port describes: by ids, and only below the current revision. */
async function append(connection: Connection, { stream, expectedVersion, events }: Write): Promise<Outcome> {
  const expectedRevision = expectedVersion === 0 ? NO_STREAM : BigInt(expectedVersion - 1);
  const proposed = events.map(({ id, type, data, metadata }) =>
    jsonEvent({ id, type, data, metadata: toStoredMetadata(metadata, stream) }),
  );
  return call(connection, async () => {
    try {
      const { success, nextExpectedRevision } = await connection.client.appendToStream(stream, proposed, {
        expectedRevision,
        requiresLeader: true,
        deadline: connection.deadlineMs,
      });
      if (!success) return { kind: 'conflict', version: Number(nextExpectedRevision) + 1 };
      const first = Number(nextExpectedRevision) + 2 - events.length;
      return { kind: 'appended', events: events.map((event, index) => at(event, stream, first + index)) };
    } catch (error) {
      if (!(error instanceof WrongExpectedVersionError)) throw error;
      const { actualVersion } = error;
      return { kind: 'conflict', version: typeof actualVersion === 'bigint' ? Number(actualVersion) + 1 : 0 };
    }
  });
}

function at(
  { id, type, data, metadata }: Write['events'][number],
  stream: string,
  version: number,
): AppendedEvent {
  return { id, type, data, metadata, stream, version };
}
