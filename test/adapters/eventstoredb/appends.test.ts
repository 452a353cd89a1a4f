import { EventStoreDBClient } from '@eventstore/db-client';
import { expect, it } from '@jest/globals';
import { eventStoreSession } from './event-store-session.js';
import {
  append,
  appended,
  eventsOf,
  manyStreams,
  sampleEvents,
  wholeStream,
} from '../../support/sample-events.js';

const session = eventStoreSession();
const UNAVAILABLE = { name: 'StoreError', code: 'store_unavailable' };

it('never appends in the way that ends the process when an answer comes late', async () => {
  await session.open().append(manyStreams('cronJob-', 20));
  expect(session.server.callsOf('append')).toBe(20);
  expect(session.server.callsOf('batch_append')).toBe(0);
});

it('is not loaded by a look at what the server supports, whose failure the client would keep', async () => {
  const log = session.open();
  session.server.stop();
  await expect(append(log, 'cronJob-a', 0, sampleEvents(1))).rejects.toMatchObject(UNAVAILABLE);
  await session.server.restart();
  await appended(log, 'cronJob-a', 0, 1);
  expect(session.server.callsOf('server_features')).toBe(0);
});

it.each([
  'hang',
  'write_then_hang',
  'not_ready',
  'write_then_not_ready',
  'time_out',
  'write_then_time_out',
] as const)(
  'fails in time when the server does "%s", and the same attempt again is there once',
  async (fault) => {
    const log = session.open();
    await appended(log, 'cronJob-a', 0, 1);
    const attempt = sampleEvents(2);
    session.server.faults.onAppends(fault);
    await expect(append(log, 'cronJob-a', 1, attempt)).rejects.toMatchObject(UNAVAILABLE);
    const events = eventsOf(await append(log, 'cronJob-a', 1, attempt));
    expect(events.map(({ version }) => version)).toEqual([2, 3]);
    expect(await wholeStream(log, 'cronJob-a')).toHaveLength(3);
  },
);

it('fails in time when a repeat is dropped because its original is not replicated yet', async () => {
  const log = session.open();
  const attempt = sampleEvents(1);
  session.server.faults.stallReplication();
  for (let tried = 0; tried < 2; tried++) {
    await expect(append(log, 'cronJob-a', 0, attempt)).rejects.toMatchObject(UNAVAILABLE);
  }
  session.server.faults.resumeReplication();
  eventsOf(await append(log, 'cronJob-a', 0, attempt));
  expect(await wholeStream(log, 'cronJob-a')).toHaveLength(1);
});

it('makes the other writes of a call when one fails, and can repeat them all', async () => {
  const log = session.open();
  const writes = manyStreams('cronJob-', 5);
  session.server.faults.onAppends('hang');
  await expect(log.append(writes)).rejects.toMatchObject(UNAVAILABLE);
  const outcomes = await log.append(writes);
  expect(outcomes.flatMap(eventsOf).map(({ version }) => version)).toEqual([1, 1, 1, 1, 1]);
});

it('says that a write is refused when it is larger than the server takes', async () => {
  const log = session.open();
  const events = sampleEvents(6).map((each) => ({ ...each, data: { text: 'x'.repeat(200_000) } }));
  await expect(append(log, 'cronJob-a', 0, events)).rejects.toMatchObject({ code: 'store_refused' });
});

it('counts on over a stream that was deleted softly', async () => {
  const log = session.open();
  await appended(log, 'cronJob-a', 0, 3);
  const client = EventStoreDBClient.connectionString(session.server.connectionString);
  await client.deleteStream('cronJob-a');
  await client.dispose();
  const [next] = eventsOf(await append(log, 'cronJob-a', 0, sampleEvents(1)));
  expect(next?.version).toBe(4);
});
