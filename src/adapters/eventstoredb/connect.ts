import { EventStoreDBClient } from '@eventstore/db-client';
import type { Clock } from '../../ports/clock.js';
import { StoreError } from '../../ports/store-error.js';
import { checkUrl } from './check-url.js';

/** A client of one server or cluster, and what every call to it needs. */
export interface Connection {
  client: EventStoreDBClient;
  clock: Clock;
  /** The address without credentials, for messages. */
  server: string;
  /** How long a call may take. */
  deadlineMs: number;
}

export interface ConnectOptions {
  /** As EventStoreDB has it: esdb://user:password@host:2113?tls=true, or esdb+discover:// for a cluster. */
  url: string;
  clock: Clock;
  deadlineMs: number;
}

/**
 * Nothing is sent before the first call, so this works with the server down, too.
 * @throws StoreError store_refused when the URL, or a file that it names, cannot be used
 */
export function connect({ url, clock, deadlineMs }: ConnectOptions): Connection {
  const server = url.replace(/\/\/.*@/, '//');
  checkUrl(url, server);
  const client = createClient(url, server);
  forbidBatchAppend(client);
  return { client, clock, server, deadlineMs };
}

function createClient(url: string, server: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(url);
  } catch (error) {
    // What the client says of a URL contains it, with its password; what it says of a file does not.
    const said = error instanceof Error && /certificate/i.test(error.message) ? error.message : undefined;
    const advice = 'it must look like esdb://user:password@host:2113?tls=true';
    throw new StoreError('store_refused', `${server}: ${said ?? advice}`);
  }
}

/**
 * The batch append of db-client 6.2.1 ignores deadlines, and an answer that comes after its call has failed ends the
 * process with an uncaught TypeError. The client takes the classic append when the server does not support the other.
 */
function forbidBatchAppend(client: EventStoreDBClient): void {
  Object.defineProperty(client, 'supports', { value: () => Promise.resolve(false) });
}
