import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.js';
import { sampleEvent, eventsOf, wholeStream } from '../../support/sample-events.js';
import { eventStoreSession } from './event-store-session.js';

const session = eventStoreSession();
const METADATA = { actor: 'test', correlation_id: 'request-1', causation_id: 'command-1', schema_version: 1 };

/** What another client of the server finds in the stream. */
async function stored(stream: string): Promise<unknown[]> {
  const client = EventStoreDBClient.connectionString(session.server.connectionString);
  const found: unknown[] = [];
  for await (const { event } of client.readStream(stream)) found.push(event?.metadata);
  await client.dispose();
  return found;
}

it("events carry EventStoreDB's own names of what they belong to and what caused them, beside those of this service", async () => {
  const log = session.open();
  const uncaused = { ...METADATA, causation_id: null };
  const events = [
    { ...sampleEvent(), metadata: METADATA },
    { ...sampleEvent(), metadata: uncaused },
  ];
  const [outcome] = await log.append([{ stream: 'cronJob-a', expectedVersion: 0, events }]);
  expect(await stored('cronJob-a')).toEqual([
    { ...METADATA, $correlationId: 'request-1', $causationId: 'command-1' },
    { ...uncaused, $correlationId: 'request-1' },
  ]);
  for (const found of [eventsOf(outcome), await wholeStream(log, 'cronJob-a')])
    expect(found.map(({ metadata }) => metadata)).toEqual([METADATA, uncaused]);
});

it('events that were stored without those names go on being read', async () => {
  const client = EventStoreDBClient.connectionString(session.server.connectionString);
  Object.defineProperty(client, 'supports', { value: () => Promise.resolve(false) });
  const event = jsonEvent({ type: 'CronJobScheduled', data: { name: 'old' }, metadata: METADATA });
  await client.appendToStream('cronJob-a', event, { expectedRevision: NO_STREAM });
  await client.dispose();
  const [found] = await wholeStream(session.open(), 'cronJob-a');
  expect(found).toMatchObject({ data: { name: 'old' }, metadata: METADATA });
});

it("one request is a stream of the server's projection by correlation id", async () => {
  const server = await session.start({ systemProjections: true });
  const log = session.open({ url: server.connectionString });
  const events = [{ ...sampleEvent(), metadata: METADATA }];
  await log.append([
    { stream: 'cronJob-a', expectedVersion: 0, events },
    { stream: 'cronJob-b', expectedVersion: 0, events: [{ ...sampleEvent(), metadata: METADATA }] },
  ]);
  const links = () => server.storage.shownOf('$bc-request-1').map(({ data }) => Buffer.from(data).toString());
  await eventually('both are linked', () => links().length === 2);
  expect(links().sort()).toEqual(['0@cronJob-a', '0@cronJob-b']);
});

it('renewals of the lease, of which there are many and which belong to no request, do not carry them', async () => {
  const log = session.open();
  const events = [{ ...sampleEvent(), metadata: METADATA }];
  await log.append([{ stream: 'lease-leader', expectedVersion: 0, events }]);
  expect(await stored('lease-leader')).toEqual([METADATA]);
});
