import type { Consumer } from 'kafkajs';
import { abortWith } from '../../waiting/abort-with.js';
import type { Consumption } from '../../ports/message-bus.js';
import type { Pauses } from '../../waiting/pauses.js';
import type { ConsumerHealth } from './consumer-health.js';
import type { ConsumerLife } from './consumer-life.js';
import { handleBatch } from './handle-batch.js';
import { joinWhenIdle } from './join-when-idle.js';
import { openKafkaClient } from './kafka-client.js';
import type { KafkaContext } from './kafka-options.js';
import { createMembership } from './membership.js';
import { rejoining } from './rejoining.js';
import { inTime } from '../../waiting/in-time.js';
import { createTurns } from '../../waiting/turns.js';

/** State that outlives one life of a consumer. */
export interface ConsumerLives {
  ending: AbortSignal;
  health: ConsumerHealth;
  /** The pauses before redelivery of a partition's messages. */
  redeliveries: (partition: number) => Pauses;
}

/** Limit of one fetch from a partition. A single batch may be larger. */
const FETCH_BYTES = 262_144;
/**
 * Long enough for the brokers to miss one that died, and to elect others in its place. kafkajs counts until the group is
 * joined anew. It restarts a consumer after some errors, never after others; `keepConsuming` restarts it after all of them.
 */
const RETRY = {
  retries: 15,
  initialRetryTime: 100,
  maxRetryTime: 1_000,
  restartOnFailure: () => Promise.resolve(false),
};
/** Of one fetch from all partitions of a broker. */
const ANSWER_BYTES = 2_097_152;

/**
 * One life of a consumer: until `ending` aborts, or until it fails, stops or falls silent. Finishes messages in hand,
 * then resolves with the reason.
 */
export async function consumeOnce(
  context: KafkaContext,
  consumption: Consumption,
  { ending, health, redeliveries }: ConsumerLives,
): Promise<unknown> {
  const { clock, timings } = context;
  const over = abortWith(ending);
  const membership = createMembership(clock, over.signal, redeliveries);
  const client = openKafkaClient(context);
  const consumer = client.kafka.consumer({
    groupId: consumption.group,
    sessionTimeout: timings.sessionMs,
    heartbeatInterval: timings.heartbeatMs,
    rebalanceTimeout: timings.rebalanceMs,
    maxWaitTimeInMs: timings.pollMs,
    maxBytesPerPartition: FETCH_BYTES,
    maxBytes: ANSWER_BYTES,
    partitionAssigners: [joinWhenIdle(membership, context)],
    allowAutoTopicCreation: false,
    retry: RETRY,
  });
  const turns = createTurns(consumption.partitionsAtOnce);
  const life: ConsumerLife = { context, consumption, membership, health, turns };
  const ends = untilItEnds(consumer, life, over.signal);
  follow(consumer, life);
  health.starting();
  try {
    const stopped = start(consumer, life).then(
      () => ends,
      (error: unknown) => error,
    );
    return await Promise.race([stopped, ends, clock.sleep(Number.MAX_SAFE_INTEGER, over.signal)]);
  } finally {
    over.abort();
    await membership.idle();
    await inTime(clock, timings.closeMs, consumer.disconnect()).catch(() => undefined);
    client.cut();
  }
}

async function start(consumer: Consumer, life: ConsumerLife): Promise<void> {
  const { consumption } = life;
  await consumer.connect();
  await consumer.subscribe({ topic: consumption.topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: consumption.partitionsAtOnce,
    eachBatch: (payload) => handleBatch(payload, life),
  });
}

function follow(consumer: Consumer, { consumption, health, membership }: ConsumerLife): void {
  const { GROUP_JOIN, HEARTBEAT, REBALANCING } = consumer.events;
  consumer.on(GROUP_JOIN, ({ payload }) => {
    membership.joined(payload.memberAssignment[consumption.topic] ?? []);
    health.sign('joined');
  });
  consumer.on(HEARTBEAT, () => {
    health.sign('heartbeat');
  });
  consumer.on(REBALANCING, () => {
    membership.lose(new Error('the group rebalances'));
  });
}

/** kafkajs does not reject when a consumer ends: it emits an event for some ends, and nothing for others. */
async function untilItEnds(
  consumer: Consumer,
  { context, health, membership }: ConsumerLife,
  over: AbortSignal,
): Promise<unknown> {
  const { clock, timings } = context;
  const { CRASH, STOP } = consumer.events;
  const told = new Promise<unknown>((resolve) => {
    consumer.on(CRASH, ({ payload }) => {
      resolve(payload.error);
    });
    consumer.on(STOP, () => {
      // A crash stops it first: the CRASH event, with its reason, follows a moment later.
      void clock.sleep(timings.closeMs, over).then(() => {
        resolve(new Error('it stopped by itself'));
      });
    });
  });
  return Promise.race([told, untilSilent()]);

  async function untilSilent(): Promise<unknown> {
    while (!over.aborted) {
      const left = timings.sessionMs - health.silentMs();
      await clock.sleep(left > 0 ? Math.min(left, timings.heartbeatMs) : timings.heartbeatMs, over);
      if (membership.isBusy() && health.silentMs() >= timings.sessionMs) {
        membership.lose(sessionOver(health.silentMs()));
      }
      // There are no heartbeats during a rebalance, in which other members may use their whole timeout.
      if (health.silentMs() > timings.sessionMs + timings.rebalanceMs) {
        return new Error(`no heartbeat for ${Math.round(health.silentMs())} ms`);
      }
    }
    return undefined;
  }
}

function sessionOver(silentMs: number): Error {
  return rejoining(new Error(`no heartbeat for ${Math.round(silentMs)} ms: the partitions may be another's`));
}
