import { openEventStoreLog } from '../../src/adapters/eventstoredb/event-log.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { START, type EventLog } from '../../src/ports/event-log.js';
import { obtainServer } from '../servers/obtain-server.js';
import { serverPlans } from '../servers/server-plans.js';
import { standInEventstoredb } from '../servers/stand-in-eventstoredb.js';
import { startEventStore, type FakeEventStore } from '../stand-ins/eventstoredb/start-event-store.js';
import { LOG_PREFIXES } from './follow-log.js';

/** An EventStoreDB that has the log of all instances. */
export interface LogServer {
  url: string;
  /** What it is, and where it came from. */
  via: string;
  /** Only the stand-in suffers faults on command. */
  standIn: FakeEventStore | undefined;
  stop: () => Promise<void>;
}

/**
 * A real server where there is one: given, or by Docker. Else the stand-in, in this process.
 * @throws Error when a service has written to the given one
 */
export async function startLogServer(): Promise<LogServer> {
  const { obtained, stop } = await obtainServer(serverPlans.eventstore);
  if (obtained.kind === 'missing') return startStandIn();
  const { url, via } = obtained;
  const log = openEventStoreLog({ url, clock: systemClock });
  try {
    await assertUnused(log);
  } finally {
    await log.close();
  }
  return { url, via, standIn: undefined, stop };
}

export async function startStandIn(): Promise<LogServer> {
  const standIn = await startEventStore();
  return {
    url: standIn.connectionString,
    via: standInEventstoredb.via,
    standIn,
    stop() {
      standIn.close();
      return Promise.resolve();
    },
  };
}

/** All that is in the log afterwards is held against what the instances were told. */
async function assertUnused(log: EventLog): Promise<void> {
  const { signal } = new AbortController();
  for await (const { events, caughtUp } of log.subscribe({ from: START, prefixes: LOG_PREFIXES, signal })) {
    if (events.length > 0) throw new Error('a service has written to this log: chaos needs one of its own');
    if (caughtUp) return;
  }
}
