import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { openKafkaBus } from '../../../src/adapters/kafka/kafka-bus.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { startLocalKafkaCluster, type KafkaCluster } from '../../servers/local-kafka-cluster.js';
import { describeWithKcat } from '../../servers/with-kcat.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { runBrokerChaos } from './run-broker-chaos.js';

/** Shorter than Kafka's default, 9 s, by which npm run kill-brokers can measure. */
const SESSION_MS = 2_000;
const KILLS = 2;
const hasJava = spawnSync('java', ['-version']).status === 0;
const describeWithJava = hasJava
  ? describe
  : (name: string, tests: () => void) => describe.skip(`${name} (SKIPPED: java is not installed)`, tests);

describeWithJava('a cluster of three brokers', () => {
  let cluster: KafkaCluster;

  beforeAll(async () => {
    cluster = await startLocalKafkaCluster(SESSION_MS);
  }, 180_000);
  afterAll(() => cluster.stop());

  it('keeps the copies of new topics that it is told to; topics with one copy are told of, once', async () => {
    const create = async (name: string, newTopics?: Parameters<typeof openKafkaBus>[0]['newTopics']) => {
      const logger = createCollectingLogger();
      const bus = openKafkaBus({
        brokers: cluster.brokers.split(','),
        clock: systemClock,
        ids: systemIds,
        logger,
        ...(newTopics && { newTopics }),
      });
      const topic = { name, partitions: 1, settings: {} };
      await bus.createTopics([topic]);
      await bus.createTopics([topic]);
      await bus.close();
      const told = logger.lines.filter(({ level }) => level === 'warn').map(({ message }) => message);
      return { told, ...(await described(cluster.brokers, name)) };
    };
    const told = ['topics have one copy each, on brokers that could keep several'];
    expect(await create('as-the-brokers-have-it')).toEqual({ told: [], copies: 3, needed: '2' });
    const one = { replicationFactor: 1, minInsyncReplicas: 1 };
    expect(await create('one', one)).toEqual({ told, copies: 1, needed: '1' });
    const two = { replicationFactor: 2, minInsyncReplicas: undefined };
    expect(await create('two', two)).toEqual({ told: [], copies: 2, needed: '2' });
  }, 60_000);

  describeWithKcat('compared by kcat', () => {
    it(`loses, doubles and disorders nothing in ${KILLS} kills of leaders; many more by npm run kill-brokers`, async () => {
      const seed = Math.floor(1e6 * Math.random());
      const chaos = await runBrokerChaos({
        cluster,
        seed,
        kills: KILLS,
        everyMs: 1,
        awayMs: 1,
        longestWorkerLifeMs: 5_000,
        onProgress: () => undefined,
      });
      expect({ seed, violations: chaos.violations }).toEqual({ seed, violations: [] });
      // The states that matter were reached; a quick machine is done sooner, and has done less.
      expect(chaos.workerMoves).toBeGreaterThanOrEqual(1);
      expect(chaos.counts.runs).toBeGreaterThan(20);
      expect(chaos.counts.reminders).toBeGreaterThanOrEqual(1);
      expect(chaos.certifications).toBeGreaterThan(5);
      expect(chaos.results).toBeGreaterThan(5);
    }, 400_000);
  });
});

async function described(brokers: string, topic: string): Promise<{ copies: number; needed: string }> {
  const { Kafka, logLevel, ConfigResourceTypes } = kafkajs;
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['min.insync.replicas'] }],
    });
    return {
      copies: topics[0]?.partitions[0]?.replicas.length ?? 0,
      needed: resources[0]?.configEntries[0]?.configValue ?? '',
    };
  } finally {
    await admin.disconnect();
  }
}
