import { afterEach, beforeEach } from '@jest/globals';
import { openEventStoreLog, type EventStoreOptions } from '../../../src/adapters/eventstoredb/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { startEventStore, type FakeEventStore } from '../../stand-ins/eventstoredb/start-event-store.js';
import { abortAll } from '../../support/follow.js';

export interface EventStoreSession {
  /** A fresh one for each test. */
  readonly server: FakeEventStore;
  /** An adapter on it with short deadlines; closed after the test. */
  open(options?: Partial<EventStoreOptions>): EventLog;
  start(options?: Parameters<typeof startEventStore>[0]): Promise<FakeEventStore>;
}

/** For a test file about what EventStoreDB does to its adapter. */
export function eventStoreSession(): EventStoreSession {
  const servers: FakeEventStore[] = [];
  const logs: EventLog[] = [];

  async function start(options?: Parameters<typeof startEventStore>[0]): Promise<FakeEventStore> {
    const server = await startEventStore(options);
    servers.push(server);
    return server;
  }

  beforeEach(async () => {
    await start();
  });
  afterEach(async () => {
    abortAll();
    await Promise.all(logs.splice(0).map((log) => log.close()));
    for (const server of servers.splice(0)) server.close();
  });

  return {
    get server() {
      const [first] = servers;
      if (first === undefined) throw new Error('only while a test runs');
      return first;
    },
    open(options = {}) {
      const log = openEventStoreLog({
        url: this.server.connectionString,
        clock: systemClock,
        deadlineMs: 1_000,
        silenceMs: 100,
        ...options,
      });
      logs.push(log);
      return log;
    },
    start,
  };
}
