import type { Clock } from '../../ports/clock.js';
import type { Ids } from '../../ports/ids.js';
import type { Logger } from '../../ports/logger.js';
import type { PauseRange } from '../../waiting/pauses.js';
import type { Turns } from '../../waiting/turns.js';

export interface KafkaOptions {
  /** Each `host:port`; one that answers is enough, the others are learnt from it. */
  brokers: readonly string[];
  clientId?: string;
  ssl?: boolean | KafkaTls;
  sasl?: KafkaSasl;
  timings?: Partial<KafkaTimings>;
  newTopics?: NewTopics;
  clock: Clock;
  ids: Ids;
  logger: Logger;
}

/** PEM texts. */
export interface KafkaTls {
  ca?: string;
  cert?: string;
  key?: string;
}

export interface KafkaSasl {
  mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  username: string;
  password: string;
}

/** How topics are made that are missing; what is undefined is left to the brokers. */
export interface NewTopics {
  replicationFactor: number | undefined;
  minInsyncReplicas: number | undefined;
}

export interface KafkaTimings {
  connectMs: number;
  /** For one request and its answer. */
  requestMs: number;
  /** For a call with all its retries, after which it rejects. */
  callMs: number;
  checkMs: number;
  /** For a graceful disconnect on close. */
  closeMs: number;
  /** A consumer that is silent for so long loses its partitions. */
  sessionMs: number;
  heartbeatMs: number;
  /** How long the other members of a group wait for one that has a message in hand. */
  rebalanceMs: number;
  /** How long the brokers hold a fetch while there are no new messages. */
  pollMs: number;
  /** Pauses before messages are delivered again. */
  redelivery: PauseRange;
  /** Pauses before a consumer that stopped is started again. */
  restart: PauseRange;
}

export const DEFAULT_TIMINGS: KafkaTimings = {
  connectMs: 3_000,
  requestMs: 10_000,
  callMs: 25_000,
  checkMs: 1_000,
  closeMs: 1_000,
  sessionMs: 10_000,
  heartbeatMs: 3_000,
  rebalanceMs: 60_000,
  pollMs: 250,
  redelivery: { firstMs: 1_000, longestMs: 30_000 },
  restart: { firstMs: 1_000, longestMs: 30_000 },
};

/** What the parts of the adapter share. */
export interface KafkaContext {
  brokers: readonly string[];
  clientId: string;
  ssl: boolean | KafkaTls | undefined;
  sasl: KafkaSasl | undefined;
  timings: KafkaTimings;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** One batch is decompressed at a time, by all consumers together. */
  decompressing: Turns;
}
