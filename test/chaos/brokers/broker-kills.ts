import { setTimeout as pause } from 'node:timers/promises';
import kafkajs, { type Admin } from 'kafkajs';
import type { KafkaCluster, NodeId } from '../../servers/local-kafka-cluster.js';
import { eventually } from '../../support/eventually.js';

/** One broker that was taken away, in epoch milliseconds. */
export interface BrokerKill {
  /** What it was: the leader of a partition, or the controller. */
  victim: string;
  at: number;
  /** When it and all others served again. */
  back: number;
  /** When each partition of the topics had all its replicas again; undefined: not before the next kill. */
  whole: number | undefined;
}

export interface BrokerKillOptions {
  cluster: KafkaCluster;
  /** Their leaders are killed in turn; after that of the first one the controller. */
  topics: readonly string[];
  kills: number;
  /** From one kill to the next; longer when a broker takes longer to come back. */
  everyMs: number;
  /** How long a broker stays away before it is started. */
  awayMs: number;
  onKill: (kill: BrokerKill) => void;
}

const CONTROLLER = 'the controller';

/** Kills one broker after the other, and brings each back. */
export async function killBrokers(options: BrokerKillOptions): Promise<BrokerKill[]> {
  const { cluster, kills, everyMs, awayMs, onKill } = options;
  const kafka = new kafkajs.Kafka({
    brokers: cluster.brokers.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const admin = kafka.admin();
  await admin.connect();
  const done: BrokerKill[] = [];
  try {
    for (let kill = 0; kill < kills; kill++) {
      const began = performance.now();
      const { victim, node } = await nextVictim(admin, options, kill);
      const at = Date.now();
      await cluster.kill(node);
      await pause(awayMs);
      await cluster.start(node);
      const back = Date.now();
      const leftMs = Math.max(0, everyMs - (performance.now() - began));
      const whole = await untilWhole(admin, options.topics, leftMs);
      done.push({ victim, at, back, whole });
      onKill({ victim, at, back, whole });
      await pause(Math.max(0, everyMs - (performance.now() - began)));
    }
    return done;
  } finally {
    await admin.disconnect();
  }
}

/** Each round another partition of each topic. */
async function nextVictim(
  admin: Admin,
  { cluster, topics }: BrokerKillOptions,
  kill: number,
): Promise<{ victim: string; node: NodeId }> {
  const [first, ...others] = topics;
  const turns = [first, CONTROLLER, ...others];
  const round = Math.floor(kill / turns.length);
  const topic = turns[kill % turns.length];
  if (topic === undefined || topic === CONTROLLER) return { victim: CONTROLLER, node: cluster.controller() };
  // A partition may have lost its leader with the broker before.
  return eventually(`${topic} has leaders`, async () => {
    const partitions = await partitionsOf(admin, [topic]);
    const { partitionId, leader } = partitions[round % partitions.length] ?? { partitionId: -1, leader: -1 };
    return leader > 0 && { victim: `the leader of ${topic}/${partitionId}`, node: leader as NodeId };
  });
}

async function untilWhole(
  admin: Admin,
  topics: readonly string[],
  withinMs: number,
): Promise<number | undefined> {
  const giveUpAt = performance.now() + withinMs;
  do {
    const partitions = await partitionsOf(admin, topics);
    if (partitions.every(({ isr, replicas }) => isr.length === replicas.length)) return Date.now();
    await pause(100);
  } while (performance.now() < giveUpAt);
  return undefined;
}

/** None while no broker answers for them. */
async function partitionsOf(admin: Admin, topics: readonly string[]) {
  const found = await admin.fetchTopicMetadata({ topics: [...topics] }).catch(() => ({ topics: [] }));
  return found.topics.flatMap(({ partitions }) => partitions);
}
