import { randomUUID } from 'node:crypto';
import { openEventStoreLog } from '../../src/adapters/eventstoredb/event-log.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { ownStreams } from './own-streams.js';
import { describeWithServer } from '../servers/with-server.js';
import { eventLogContract, sharedEventLogContract } from './event-log.contract.js';
import { openedSharedLog, type OpenedSharedLog } from './opened-log.js';

describeWithServer('eventstore', 'on EventStoreDB', (url) => {
  function open(): Promise<OpenedSharedLog> {
    const mark = `${randomUUID()}-`;
    const another = () => ownStreams(openEventStoreLog({ url, clock: systemClock }), mark);
    return Promise.resolve(openedSharedLog(another));
  }

  eventLogContract('EventStoreDB', open);
  sharedEventLogContract('EventStoreDB', open);
});
