import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from '@jest/globals';
import kafkajs, { type Message } from 'kafkajs';
import { openRawProducer } from '../adapters/kafka/raw-producer.js';
import { describeWithServer } from '../servers/with-server.js';
import { eventually } from '../support/eventually.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { startService, type ServiceProcess } from './service-process.js';

const PARTITIONS = [0, 1, 2, 3, 4, 5];
const CODECS = ['gzip', 'snappy', 'lz4 in blocks', 'zstd'];
const MOST_MEMORY = 300_000_000;

interface Attack {
  message: Message;
  codec?: string;
  /** It cannot be read, so it is no dead letter. */
  isPassedOver?: boolean;
}

/** What comes before the good message of each partition. Snappy makes nothing small enough to be more than the limit. */
const attacks: Attack[] = [
  { message: { key: 'k'.repeat(900_000), value: '{}' } },
  { message: { key: Buffer.alloc(900_000, 0xff), value: '{}' } },
  { message: { key: 'k'.repeat(900_000), value: null } },
  { message: { key: null, value: null } },
  { message: { value: '{}', headers: { ce_id: 'i'.repeat(900_000), ce_source: 's'.repeat(9_000) } } },
  { message: { value: '{}', headers: { ['n'.repeat(900_000)]: 'v' } } },
  {
    message: {
      value: '{}',
      headers: Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`header-${at}`, 'v'])),
    },
  },
  ...CODECS.map((codec) => ({
    message: { value: '{}', headers: { large: Buffer.alloc(5_000_000) } },
    codec,
  })),
  ...CODECS.filter((codec) => codec !== 'snappy').map((codec) => ({
    message: { value: Buffer.alloc(150_000_000) },
    codec,
    isPassedOver: true,
  })),
];

describeWithServer('kafka', 'hostile messages to the service', (brokers) => {
  let service: ServiceProcess | undefined;
  afterEach(() => service?.end('SIGKILL'));

  it.each([
    ['builtin', { runs: 'workers', certifications: 'certifications' }],
    // The feed of certifications is read by the same code whoever executes.
    ['external', { results: 'results' }],
  ])(
    'are set aside or passed over within its memory: %s',
    async (executor, groupsByTopic) => {
      const prefix = `hostile-${randomUUID()}.`;
      const own = `${prefix}certification-cron.`;
      const groups = new Map(
        Object.entries(groupsByTopic).map(([topic, group]) => [
          `${topic === 'certifications' ? prefix : own}${topic}`,
          `${own}${group}`,
        ]),
      );
      const env = {
        DATA_DIR: temporaryFolder(),
        KAFKA_BROKERS: brokers,
        KAFKA_TOPIC_PREFIX: prefix,
        EXECUTOR: executor,
      };
      const raw = await openRawProducer(brokers);
      // A broker that has just started has no coordinator for groups yet.
      const retry = { retries: 20, maxRetryTime: 2_000 };
      const { Kafka, logLevel } = kafkajs;
      const admin = new Kafka({ brokers: brokers.split(','), retry, logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      for (const topic of groups.keys()) await raw.createTopic(topic, PARTITIONS.length);

      const sendGood = async (): Promise<void> => {
        const value = JSON.stringify({ mentor_id: 'm', expires_at: '2030-01-31' });
        for (const topic of groups.keys()) {
          await raw.send(
            topic,
            PARTITIONS.map((partition) => ({ partition, key: `good-${partition}`, value })),
          );
        }
      };
      const isAllHandled = async (): Promise<boolean> => {
        for (const [topic, groupId] of groups) {
          const [done] = await admin.fetchOffsets({ groupId, topics: [topic] });
          for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
            if (done?.partitions.find((one) => one.partition === partition)?.offset !== high) return false;
          }
        }
        return true;
      };
      const letters = async (): Promise<number> => {
        const [only] = await admin.fetchTopicOffsets(`${own}dead-letters`);
        return Number(only?.high);
      };

      for (const { message, codec } of attacks) {
        // Each codec and a partition of its own for the large ones: what makes them small takes its time here.
        const places = (message.value?.length ?? 0) > 1_000_000 ? [attacks.length % 6] : PARTITIONS;
        for (const topic of groups.keys())
          for (const partition of places) await raw.send(topic, [{ ...message, partition }], codec);
      }
      await sendGood();
      const watch = watchMemory();
      service = await startService(env);
      watch.begin(service.address);
      await eventually('all is handled', isAllHandled, 60_000);
      const peak = await watch.end();
      process.stderr.write(
        `${executor}: ${Math.round(peak.bytes / 1e6)} MB, loop ${Math.round(peak.lagMs)} ms\n`,
      );
      expect(peak.bytes).toBeLessThan(MOST_MEMORY);
      // The rest of this machine is busy, too; what held it up were seconds.
      expect(peak.lagMs).toBeLessThan(1_000);
      const errors = service.output.filter((line) => line.includes('"level":"error"'));
      expect(errors).toHaveLength(groups.size * attacks.filter(({ isPassedOver }) => isPassedOver).length);
      expect(errors.every((line) => line.includes('messages cannot be read; passed over'))).toBe(true);
      expect(Math.max(...service.output.map((line) => line.length))).toBeLessThan(10_000);
      // The good messages are none, but for the topics of runs and results they are no runs either.
      const bad = attacks.filter(({ isPassedOver }) => !isPassedOver).length;
      expect(await letters()).toBe((groups.size * bad + 1) * PARTITIONS.length);

      expect(await service.end('SIGTERM')).toBe(0);
      service = await startService(env);
      await sendGood();
      await eventually('what came since is handled', isAllHandled, 20_000);
      expect(service.output.some((line) => line.includes('"level":"error"'))).toBe(false);
      expect(await letters()).toBe((groups.size * bad + 2) * PARTITIONS.length);
      await raw.close();
      await admin.disconnect();
    },
    180_000,
  );
});

/** The largest memory of a service, and the longest that its event loop was held up, as it says itself. */
function watchMemory() {
  const peak = { bytes: 0, lagMs: 0 };
  let isOver = false;
  let watching: Promise<void> | undefined;
  const look = async (address: string): Promise<void> => {
    const text = await (await fetch(`${address}/metrics`)).text();
    const valueOf = (name: string): number => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
    peak.bytes = Math.max(peak.bytes, valueOf('process_resident_memory_bytes'));
    peak.lagMs = Math.max(peak.lagMs, 1_000 * valueOf('nodejs_eventloop_lag_max_seconds'));
  };
  return {
    begin(address: string) {
      watching = (async () => {
        while (!isOver) await look(address);
      })();
      // It is told by `end`: whoever does not come that far has failed for another reason.
      watching.catch(() => undefined);
    },
    async end() {
      isOver = true;
      await watching;
      return peak;
    },
  };
}
