import { EventStoreDBClient } from '@eventstore/db-client';
import type { Clock } from '../../ports/clock.js';
import { StoreError } from '../../ports/store-error.js';
import { checkUrl, notAUrl } from './check-url.js';

/** A client of one server or cluster, and what every call to it needs. */
export interface Connection {
  client: EventStoreDBClient;
  clock: Clock;
  /** The address without credentials, for messages. */
  server: string;
  /** How long a call may take. */
  deadlineMs: number;
  /** Aborted when the log is closed. */
  closing: AbortSignal;
}

export interface ConnectOptions {
  /** EventStoreDB's connection string: esdb://user:password@host:2113?tls=true, or esdb+discover:// for a cluster. */
  url: string;
  clock: Clock;
  deadlineMs: number;
  closing: AbortSignal;
}

/**
 * Nothing is sent before the first call, so this works with the server down, too.
 * @throws StoreError store_refused when the URL, or a file that it names, cannot be used
 */
export function connect({ url, clock, deadlineMs, closing }: ConnectOptions): Connection {
  const server = checkUrl(url.trim());
  const client = createClient(withBoundedDiscovery(url), server);
  forbidBatchAppend(client);
  return { client, clock, server, deadlineMs, closing };
}

/**
 * The client starts a deadline only when it has found a node of the cluster, and by default looks for one 10 times, 5 s
 * at each host. Callers retry anyway.
 */
function withBoundedDiscovery(url: string): string {
  const given = url.toLowerCase();
  const bounds = ['maxDiscoverAttempts=1', 'gossipTimeout=1'].filter(
    (bound) => !given.includes(bound.toLowerCase().replace(/1$/, '')),
  );
  return bounds.reduce((bounded, bound) => `${bounded}${bounded.includes('?') ? '&' : '?'}${bound}`, url);
}

function createClient(url: string, server: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(url);
  } catch (error) {
    // The client's errors repeat the URL, with its password, or a path, which may be anything.
    if (!(error instanceof Error && /certificate/i.test(error.message))) throw notAUrl(server);
    const advice = 'a certificate file that tlsCAFile, userCertFile or userKeyFile names cannot be read';
    throw new StoreError('store_refused', `${server}: ${advice}`);
  }
}

/**
 * The batch append of db-client 6.2.1 ignores deadlines, and an answer that arrives after its call has failed crashes
 * the process with an uncaught TypeError. The client falls back to the classic append on servers without it.
 */
function forbidBatchAppend(client: EventStoreDBClient): void {
  Object.defineProperty(client, 'supports', { value: () => Promise.resolve(false) });
}
