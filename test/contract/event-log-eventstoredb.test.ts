import { openEventStoreLog } from '../../src/adapters/eventstoredb/event-log.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { startEventStore } from '../stand-ins/eventstoredb/start-event-store.js';
import {
  eventLogContract,
  eventLogSubscriptionsContract,
  sharedEventLogContract,
} from './event-log.contract.js';
import { openedSharedLog, type OpenedSharedLog } from './opened-log.js';

/** The adapter, by the real client, on a server in this process that behaves as EventStoreDB is documented to. */
async function open(systemProjections: boolean): Promise<OpenedSharedLog> {
  const server = await startEventStore({ systemProjections });
  const another = () => openEventStoreLog({ url: server.connectionString, clock: systemClock });
  return openedSharedLog(another, () => {
    server.close();
  });
}

const plain = () => open(false);
const linking = () => open(true);
eventLogContract('EventStoreDB (stand-in)', plain);
sharedEventLogContract('EventStoreDB (stand-in)', plain);
eventLogSubscriptionsContract('EventStoreDB (stand-in that links every event)', linking);
sharedEventLogContract('EventStoreDB (stand-in that links every event)', linking);
