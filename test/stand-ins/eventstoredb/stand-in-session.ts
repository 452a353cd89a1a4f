import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach } from '@jest/globals';
import {
  type AppendExpectedRevision,
  type AppendResult,
  EventStoreDBClient,
  type JSONEventData,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type ResolvedEvent,
  jsonEvent,
} from '@eventstore/db-client';
import { type EventStoreOptions, type FakeEventStore, startEventStore } from './start-event-store.js';

/** With credentials the client uses the classic append call, whose deadline it honours. */
export const CLASSIC = { credentials: { username: 'admin', password: 'changeit' }, deadline: 5_000 };

/** A stand-in and clients of it, new for each test and closed after it. */
export interface Session {
  /** The one that `connect` goes to; `start` returns another one. */
  store: FakeEventStore;
  start(options?: EventStoreOptions): Promise<FakeEventStore>;
  connect(to?: string): EventStoreDBClient;
  append(
    proposed: JSONEventData | JSONEventData[],
    expectedRevision: AppendExpectedRevision,
    options?: { client?: EventStoreDBClient; stream?: string; deadline?: number },
  ): Promise<AppendResult>;
  /** Stream `a`. */
  read(options?: ReadStreamOptions, client?: EventStoreDBClient): Promise<ResolvedEvent[]>;
  readAll(options?: ReadAllOptions): Promise<ResolvedEvent[]>;
}

export function standInSession(options?: EventStoreOptions): Session {
  const stores: FakeEventStore[] = [];
  const clients: EventStoreDBClient[] = [];

  async function another(options?: EventStoreOptions): Promise<FakeEventStore> {
    const started = await startEventStore(options);
    stores.push(started);
    return started;
  }

  const session: Session = {
    // There is one before each test.
    store: undefined as unknown as FakeEventStore,
    start: another,
    connect(to = session.store.connectionString) {
      const client = EventStoreDBClient.connectionString(to);
      clients.push(client);
      return client;
    },
    append(proposed, expectedRevision, { client = session.connect(), stream = 'a', deadline = 5_000 } = {}) {
      return client.appendToStream(stream, proposed, { ...CLASSIC, deadline, expectedRevision });
    },
    read: (options, client = session.connect()) => collect(client.readStream('a', options)),
    readAll: (options) => collect(session.connect().readAll(options)),
  };

  beforeEach(async () => {
    session.store = await another(options);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.dispose()));
    for (const each of stores.splice(0)) each.close();
  });
  return session;
}

async function collect(reading: AsyncIterable<ResolvedEvent>): Promise<ResolvedEvent[]> {
  const found: ResolvedEvent[] = [];
  for await (const each of reading) found.push(each);
  return found;
}

export const event = (said = 'something', id: string = randomUUID()): JSONEventData =>
  jsonEvent({ id, type: 'said', data: { said }, metadata: { by: 'test' } });

export const events = (count: number): JSONEventData[] =>
  Array.from({ length: count }, (_, nth) => event(String(nth)));

export const revisions = (found: ResolvedEvent[]): (bigint | undefined)[] =>
  found.map((each) => each.event?.revision);

export function positionOf(found: ResolvedEvent | undefined): Position {
  const position = found?.event?.position;
  if (position === undefined) throw new Error('the event has no position');
  return position;
}

export const exactly = (position: bigint): Position => ({ commit: position, prepare: position });
