import { EventStoreDBClient } from '@eventstore/db-client';
import type { Clock } from '../../ports/clock.js';

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
 * @throws Error when the URL cannot be understood
 */
export function connect({ url, clock, deadlineMs }: ConnectOptions): Connection {
  const client = EventStoreDBClient.connectionString(url);
  forbidBatchAppend(client);
  return { client, clock, server: url.replace(/\/\/.*@/, '//'), deadlineMs };
}

/**
 * The batch append of db-client 6.2.1 ignores deadlines, and an answer that comes after its call has failed ends the
 * process with an uncaught TypeError. The client takes the classic append when the server does not support the other.
 */
function forbidBatchAppend(client: EventStoreDBClient): void {
  Object.defineProperty(client, 'supports', { value: () => Promise.resolve(false) });
}
