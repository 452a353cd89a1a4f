import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { createPartitionClaims, ForeignJournalError } from './partition-claims.js';

/** @typedef {import('./inbox.js').PlacedMessage} PlacedMessage */

const REBALANCE_MS = 60_000;
const MESSAGES_AT_ONCE = 500;

/**
 * Hands the messages of a topic to `take`, from the oldest one that the group has not read; committed when it returns.
 * Resolves when `signal` has aborted. kafkajs ends without a word after some errors, and falls silent after others: then
 * this rejects, and the process is to be started anew.
 * @param {object} parts
 * @param {import('./load-config.js').Config['kafka']} parts.kafka
 * @param {string} parts.topic without the prefix
 * @param {string} parts.journalId
 * @param {string | undefined} parts.journalSucceeds
 * @param {(messages: PlacedMessage[]) => void} parts.take
 * @param {import('pino').Logger} parts.logger
 * @param {AbortSignal} signal
 */
export async function consume({ kafka, topic: name, journalId, journalSucceeds, take, logger }, signal) {
  const topic = kafka.prefix + name;
  const client = new Kafka({
    clientId: 'reminder-sender',
    brokers: kafka.brokers,
    ssl: kafka.ssl,
    ...(kafka.sasl === undefined ? {} : { sasl: kafka.sasl }),
    // So that NODE_ENV does not decide: kafkajs has others for tests.
    retry: { retries: 5, initialRetryTime: 300, maxRetryTime: 30_000 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      logger.warn({ kafkajs: entry.log.message, namespace: entry.namespace }, 'kafkajs says');
    },
  });
  const admin = client.admin();
  const consumer = client.consumer({
    groupId: kafka.group,
    sessionTimeout: kafka.sessionMs,
    heartbeatInterval: Math.round(kafka.sessionMs / 5),
    rebalanceTimeout: REBALANCE_MS,
    maxWaitTimeInMs: 250,
    allowAutoTopicCreation: false,
  });
  const claims = createPartitionClaims({
    consumer,
    admin,
    group: kafka.group,
    topic,
    journalId,
    succeeds: journalSucceeds,
  });
  const over = new AbortController();
  signal.addEventListener('abort', () => over.abort(), { once: true });
  try {
    const ended = untilItEnds(consumer, claims.forget, kafka.sessionMs + 2 * REBALANCE_MS, over.signal);
    await Promise.all([admin.connect(), consumer.connect()]);
    await consumer.subscribe({ topic, fromBeginning: true });
    /** @type {(error: unknown) => void} */
    let fail = () => undefined;
    const refused = new Promise((_, reject) => (fail = reject));
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      async eachBatch(payload) {
        const { partition, messages } = payload.batch;
        await claims.claim(partition, messages[0]?.offset ?? '0').catch((/** @type {unknown} */ error) => {
          if (error instanceof ForeignJournalError) fail(error);
          throw error;
        });
        for (let from = 0; from < messages.length; from += MESSAGES_AT_ONCE) {
          if (!payload.isRunning() || payload.isStale()) return;
          const slice = messages.slice(from, from + MESSAGES_AT_ONCE);
          take(
            slice.map(({ offset, key, value, headers }) => ({
              topic,
              partition,
              offset,
              key,
              value,
              headers,
            })),
          );
          const last = slice.at(-1)?.offset ?? '0';
          payload.resolveOffset(last);
          await claims.commit(partition, String(BigInt(last) + 1n));
          await payload.heartbeat();
        }
      },
    });
    await Promise.race([ended, refused]);
  } finally {
    over.abort();
    await Promise.allSettled([consumer.disconnect(), admin.disconnect()]);
  }
}

/**
 * @param {import('kafkajs').Consumer} consumer
 * @param {() => void} onJoin
 * @param {number} silenceMs how long may pass between signs of life: in a rebalance there are none
 * @param {AbortSignal} signal
 */
async function untilItEnds(consumer, onJoin, silenceMs, signal) {
  let heardAt = Date.now();
  const crashed = new Promise((_, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) reject(payload.error);
    });
  });
  consumer.on(consumer.events.HEARTBEAT, () => {
    heardAt = Date.now();
  });
  consumer.on(consumer.events.GROUP_JOIN, () => {
    heardAt = Date.now();
    onJoin();
  });
  const silent = async () => {
    while (!signal.aborted) {
      await sleep(1_000, undefined, { signal }).catch(() => undefined);
      if (Date.now() - heardAt > silenceMs) throw new Error(`no heartbeat for ${silenceMs} ms`);
    }
  };
  await Promise.race([crashed, silent()]);
}
