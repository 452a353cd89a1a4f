import { abortWith } from '../../waiting/abort-with.js';
import type { Consumption, MessageBus, Producer } from '../../ports/message-bus.js';
import { StoreError } from '../../ports/store-error.js';
import { inTime, within } from '../../waiting/in-time.js';
import { createTurns } from '../../waiting/turns.js';
import { createBrokersProbe } from './brokers-probe.js';
import { consumerHealth, type ConsumerHealth } from './consumer-health.js';
import { createMissingTopics } from './create-missing-topics.js';
import { openKafkaClient } from './kafka-client.js';
import { toStoreError } from './kafka-error.js';
import { DEFAULT_TIMINGS, type KafkaContext, type KafkaOptions, type NewTopics } from './kafka-options.js';
import { openKafkaProducer } from './kafka-producer.js';
import { keepConsuming } from './keep-consuming.js';

const LEFT_TO_THE_BROKERS: NewTopics = { replicationFactor: undefined, minInsyncReplicas: undefined };

/**
 * The message bus on Kafka 2.1 or newer. Opening it needs no broker: each call connects by itself, and consumers keep
 * retrying.
 */
export function openKafkaBus(options: KafkaOptions): MessageBus {
  const { brokers, clientId = 'certification-cron', ssl, sasl, clock, ids, logger } = options;
  const timings = { ...DEFAULT_TIMINGS, ...options.timings };
  const decompressing = createTurns(1);
  const context: KafkaContext = { brokers, clientId, ssl, sasl, timings, clock, ids, logger, decompressing };
  const { newTopics = LEFT_TO_THE_BROKERS } = options;
  let toldSingleCopies = false;
  const closing = new AbortController();
  const consumers = new Map<Promise<void>, ConsumerHealth>();
  const producers = new Set<Producer>();
  const probe = createBrokersProbe(context);

  async function createTopics(topics: Parameters<MessageBus['createTopics']>[0]): Promise<void> {
    closing.signal.throwIfAborted();
    const client = openKafkaClient(context);
    const late = new AbortController();
    try {
      const created = createMissingTopics(client.kafka, { clock, topics, newTopics, signal: late.signal });
      const limit = { ms: timings.callMs, what: 'creating topics', ending: closing.signal };
      tellSingleCopies(await within(clock, limit, created));
    } catch (error) {
      throw toStoreError(error, brokers);
    } finally {
      late.abort();
      client.cut();
    }
  }

  /** Once: whoever has decided so need not be told again. */
  function tellSingleCopies(names: readonly string[]): void {
    if (names.length > 0 && !toldSingleCopies)
      logger.warn({ topics: names }, 'topics have one copy each, on brokers that could keep several');
    toldSingleCopies ||= names.length > 0;
  }

  async function openProducer(): Promise<Producer> {
    closing.signal.throwIfAborted();
    const producer = await openKafkaProducer(context, closing.signal);
    if (closing.signal.aborted) await producer.close();
    closing.signal.throwIfAborted();
    producers.add(producer);
    return {
      ...producer,
      async close() {
        producers.delete(producer);
        await producer.close();
      },
    };
  }

  async function consume(consumption: Consumption): Promise<void> {
    const health = consumerHealth(consumption, context);
    const ending = abortWith(consumption.signal, closing.signal);
    const consuming = keepConsuming(context, consumption, ending.signal, health);
    consumers.set(consuming, health);
    try {
      await consuming;
    } finally {
      consumers.delete(consuming);
      ending.abort();
    }
  }

  async function check(): Promise<void> {
    await checkThatBrokersAnswer();
    for (const health of consumers.values()) {
      const complaint = health.complaint();
      if (complaint !== undefined) {
        throw new StoreError('store_unavailable', complaint);
      }
    }
  }

  async function checkThatBrokersAnswer(): Promise<void> {
    closing.signal.throwIfAborted();
    try {
      await probe.ask();
    } catch (error) {
      throw toStoreError(error, brokers);
    }
    closing.signal.throwIfAborted();
  }

  async function close(): Promise<void> {
    closing.abort(toStoreError(new Error('this bus is closed'), brokers));
    probe.close();
    const ended = Promise.allSettled([
      ...consumers.keys(),
      ...[...producers].map((producer) => producer.close()),
    ]);
    // A message in hand may take longer; its consumer then ends by itself, after the message.
    await inTime(clock, 1.5 * timings.closeMs, ended);
  }

  return { createTopics, openProducer, consume, check, close };
}
