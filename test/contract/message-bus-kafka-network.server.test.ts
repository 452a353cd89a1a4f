import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../src/adapters/system/clock.js';
import type { MessageBus } from '../../src/ports/message-bus.js';
import { countingMessages, readTopic, sendAll, startConsuming, valueOf } from '../support/consumed.js';
import { eventually } from '../support/eventually.js';
import { openKafkaTestBus } from '../support/kafka-test-bus.js';
import type { TcpProxy } from '../support/servers/tcp-proxy.js';
import { describeWithKafkaProxy } from '../support/servers/with-kafka-proxy.js';

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const isWell = (bus: MessageBus): Promise<boolean> =>
  bus.check().then(
    () => true,
    () => false,
  );

describeWithKafkaProxy('network', 'Kafka behind a bad network', (kafka) => {
  const { direct, proxied } = kafka;
  const openProxy = (): Promise<TcpProxy> => kafka.openProxy();

  const createTopic = async (): Promise<string> => {
    const topic = `topic-${randomUUID()}`;
    const bus = openKafkaTestBus(direct);
    await bus.createTopics([{ name: topic, partitions: 1, settings: {} }]);
    await bus.close();
    return topic;
  };

  it('may be opened before the brokers are there; everything heals by itself', async () => {
    const [topic, group] = [await createTopic(), `group-${randomUUID()}`];
    const bus = openKafkaTestBus(proxied);
    const consumed = startConsuming(bus, { topic, group });
    await expect(bus.check()).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining(proxied),
    });
    await expect(bus.openProducer()).rejects.toMatchObject({ code: 'store_unavailable' });
    await eventually('the consumer to be started again', () => bus.linesAt('warn').length > 0);
    const proxy = await openProxy();
    try {
      await eventually('all to be well', () => isWell(bus));
      await sendAll(bus, countingMessages(topic, 5));
      await eventually('the messages', () => consumed.messages.length === 5);

      proxy.mode('refuse');
      await eventually('the outage to be told', async () => !(await isWell(bus)));
      await sendAll(openKafkaTestBus(direct), countingMessages(topic, 5, 10, 5));
      proxy.mode('pass');
      await eventually('what came meanwhile', () => consumed.messages.length >= 10);
      await eventually('all to be well again', () => isWell(bus));
      expect(new Set(consumed.messages.map(valueOf)).size).toBe(10);
      expect(bus.linesAt('error')).toEqual([]);
      proxy.mode('refuse');
      expect(await elapsed(() => bus.close())).toBeLessThan(2_000);
    } finally {
      await proxy.close();
    }
  });

  it('starts a consumer again that fell silent', async () => {
    const [topic, group] = [await createTopic(), `group-${randomUUID()}`];
    const proxy = await openProxy();
    try {
      const bus = openKafkaTestBus(proxied, { sessionMs: 1_000, rebalanceMs: 1_000 });
      const consumed = startConsuming(bus, { topic, group });
      await eventually('all to be well', () => isWell(bus));
      proxy.mode('hang');
      await sendAll(openKafkaTestBus(direct), countingMessages(topic, 5));
      await eventually('the consumer to be started again', () => bus.linesAt('warn').length > 0);
      proxy.mode('pass');
      await eventually('the messages', () => consumed.messages.length >= 5);
      await eventually('all to be well again', () => isWell(bus));
      expect(bus.linesAt('error')).toEqual([]);
      await bus.close();
    } finally {
      await proxy.close();
    }
  });

  it('writes each message once and in order, however often the connection is cut in the middle', async () => {
    const topic = await createTopic();
    const proxy = await openProxy();
    try {
      const bus = openKafkaTestBus(proxied);
      const cutting = new AbortController();
      let cuts = 0;
      const cutter = (async () => {
        while (!cutting.signal.aborted) {
          await systemClock.sleep(20 + 100 * Math.random(), cutting.signal);
          proxy.cut();
          cuts++;
        }
      })();
      let producer = await openSome(bus);
      let next = 0;
      let sends = 0;
      while (cuts < 30 || sends < 60) {
        try {
          await producer.send(countingMessages(topic, 20, 3, next));
          next += 20;
          sends++;
        } catch {
          await producer.close();
          producer = await openSome(bus);
          next = await nextOf(proxied, topic);
        }
      }
      cutting.abort();
      await cutter;
      await producer.close();
      await bus.close();
      const read = await readTopic(openKafkaTestBus(direct), topic, `group-${randomUUID()}`, next);
      expect(read.map((message) => Number(valueOf(message)))).toEqual(
        Array.from({ length: next }, (_, index) => index),
      );
    } finally {
      await proxy.close();
    }
  });

  /** Long enough to see that the request was written before the answer comes back. */
  const SLOW = { slowMs: 400 };

  /** Waits until so many messages of the only partition are written, past the proxy. */
  async function untilWritten(topic: string, count: number): Promise<void> {
    const bus = openKafkaTestBus(direct);
    const producer = await bus.openProducer();
    await eventually(`${count} messages to be written`, async () => {
      const [tail] = await producer.tails([topic]);
      return tail?.offset === String(count - 1);
    });
    await bus.close();
  }

  it('writes once what was written when the connection was cut before the answer', async () => {
    const topic = await createTopic();
    const proxy = await openProxy();
    try {
      const bus = openKafkaTestBus(proxied);
      const producer = await bus.openProducer();
      await producer.tails([topic]);
      for (let next = 0; next < 30; next += 10) {
        proxy.mode(SLOW);
        const sending = producer.send(countingMessages(topic, 10, 3, next));
        await untilWritten(topic, next + 10);
        proxy.cut();
        proxy.mode('pass');
        await sending;
      }
      const read = await readTopic(openKafkaTestBus(direct), topic, `group-${randomUUID()}`, 30);
      expect(read.map(valueOf)).toEqual(Array.from({ length: 30 }, (_, index) => String(index)));
      await bus.close();
    } finally {
      await proxy.close();
    }
  });

  it('tells by the newest messages what was written when it could not say so', async () => {
    const topic = await createTopic();
    const proxy = await openProxy();
    try {
      const bus = openKafkaTestBus(proxied);
      const producer = await bus.openProducer();
      await producer.tails([topic]);
      proxy.mode(SLOW);
      const sending = expect(producer.send(countingMessages(topic, 10))).rejects.toMatchObject({
        code: 'store_unavailable',
      });
      await untilWritten(topic, 10);
      proxy.mode('refuse');
      await sending;
      proxy.mode('pass');
      expect(await nextOf(proxied, topic)).toBe(10);
      await bus.close();
    } finally {
      await proxy.close();
    }
  });

  it('rejects within its time-out when nothing comes back, and does not send behind its back', async () => {
    const topic = await createTopic();
    const proxy = await openProxy();
    try {
      const bus = openKafkaTestBus(proxied);
      const producer = await bus.openProducer();
      await producer.send(countingMessages(topic, 1));
      proxy.mode('hang');
      await expect(bus.check()).rejects.toMatchObject({ code: 'store_unavailable' });
      const took = await elapsed(() =>
        expect(producer.send(countingMessages(topic, 1, 1, 1))).rejects.toMatchObject({
          code: 'store_unavailable',
        }),
      );
      expect(took).toBeLessThan(3_500);
      proxy.mode('pass');
      // Long enough for kafkajs to try once more, if it could.
      await systemClock.sleep(1_500);
      expect(await elapsed(() => bus.close())).toBeLessThan(2_000);
      const read = await readTopic(openKafkaTestBus(direct), topic, `group-${randomUUID()}`, 1);
      expect(read.map(valueOf)).toEqual(['0']);
    } finally {
      await proxy.close();
    }
  });

  it('is well over a slow path, once it has connected', async () => {
    const proxy = await openProxy();
    try {
      proxy.mode({ slowMs: 300 });
      // Connecting takes several questions, and each of them longer than a third of this.
      const bus = openKafkaTestBus(proxied, { checkMs: 800, requestMs: 3_000, callMs: 10_000 });
      await expect(bus.check()).rejects.toMatchObject({ code: 'store_unavailable' });
      await eventually('it to be well', () => isWell(bus));
      await bus.check();
      await bus.close();
    } finally {
      await proxy.close();
    }
  });

  /** Through a network that may be cut at any moment. */
  const openSome = (bus: MessageBus): ReturnType<MessageBus['openProducer']> =>
    eventually('a producer', () => bus.openProducer().catch(() => undefined));

  /** What `tails` says is to come next. */
  const nextOf = (brokers: string, topic: string): Promise<number> =>
    eventually('the newest message', async () => {
      const bus = openKafkaTestBus(brokers);
      try {
        const [tail] = await (await bus.openProducer()).tails([topic]);
        return tail === undefined ? 0 : Number(valueOf(tail)) + 1;
      } catch {
        return undefined;
      } finally {
        await bus.close();
      }
    });
});
