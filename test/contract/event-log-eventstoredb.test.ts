import { openEventStoreLog } from '../../src/adapters/eventstoredb/event-log.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { startEventStore } from '../stand-ins/eventstoredb/start-event-store.js';
import { eventLogContract, sharedEventLogContract } from './event-log.contract.js';
import { openedSharedLog, type OpenedSharedLog } from './opened-log.js';

/** The adapter, by the real client, on a server in this process that behaves as EventStoreDB is documented to. */
async function open(): Promise<OpenedSharedLog> {
  const server = await startEventStore();
  const another = () => openEventStoreLog({ url: server.connectionString, clock: systemClock });
  return openedSharedLog(another, () => {
    server.close();
  });
}

eventLogContract('EventStoreDB (stand-in)', open);
sharedEventLogContract('EventStoreDB (stand-in)', open);
