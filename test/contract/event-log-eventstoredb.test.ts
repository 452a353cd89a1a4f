import { openEventStoreLog } from '../../src/adapters/eventstoredb/event-log.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { startEventStore } from '../stand-ins/eventstoredb/start-event-store.js';
import { eventLogContract, sharedEventLogContract } from './event-log.contract.js';
import { openedSharedLog, type OpenedSharedLog } from './opened-log.js';

/** The adapter, by the real client, on a server in this process that behaves as EventStoreDB is documented to. */
async function open(systemProjections: boolean): Promise<OpenedSharedLog> {
  const server = await startEventStore({ systemProjections });
  const another = () => openEventStoreLog({ url: server.connectionString, clock: systemClock });
  return openedSharedLog(another, () => {
    server.close();
  });
}

for (const [name, systemProjections] of [
  ['EventStoreDB (stand-in)', false],
  ['EventStoreDB (stand-in that links every event)', true],
] as const) {
  eventLogContract(name, () => open(systemProjections));
  sharedEventLogContract(name, () => open(systemProjections));
}
