import { openEventStoreLog } from '../../src/adapters/eventstoredb/event-log.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import type { EventLog } from '../../src/ports/event-log.js';
import { startEventStore } from '../support/eventstoredb/start-event-store.js';
import { eventLogContract, sharedEventLogContract } from './event-log.contract.js';
import type { OpenedSharedLog } from './opened-log.js';

/** The adapter, by the real client, on a server in this process that behaves as EventStoreDB is documented to. */
async function open(): Promise<OpenedSharedLog> {
  const server = await startEventStore();
  const opened = new Set<EventLog>();
  const another = (): EventLog => {
    const log = openEventStoreLog({ url: server.connectionString, clock: systemClock });
    opened.add(log);
    return log;
  };
  const log = another();
  return {
    log,
    second: () => Promise.resolve(another()),
    async reopen() {
      opened.delete(log);
      await log.close();
      return another();
    },
    async close() {
      for (const each of opened) await each.close();
      server.close();
    },
  };
}

eventLogContract('EventStoreDB (stand-in)', open);
sharedEventLogContract('EventStoreDB (stand-in)', open);
