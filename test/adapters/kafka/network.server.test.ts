import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { KafkaTimings } from '../../../src/adapters/kafka/kafka-options.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import type { MessageBus, Producer } from '../../../src/ports/message-bus.js';
import { countingMessages, readTopic, sendAll, startConsuming, valueOf } from '../../support/consumed.js';
import { eventually } from '../../support/eventually.js';
import { openKafkaTestBus, type KafkaTestBus } from '../../servers/kafka-test-bus.js';
import type { TcpProxy } from '../../servers/tcp-proxy.js';
import { describeWithKafkaProxy } from '../../servers/with-kafka-proxy.js';

describeWithKafkaProxy('network', 'Kafka behind a bad network', (kafka) => {
  const unavailable = { name: 'StoreError', code: 'store_unavailable' };
  const opened: MessageBus[] = [];
  let proxy: TcpProxy;
  /** Knows no bad network: what it reads and writes is what Kafka has. */
  let direct: MessageBus;
  /** Of one partition. */
  let topic: string;
  let group: string;

  beforeEach(async () => {
    proxy = await kafka.openProxy();
    direct = opening(openKafkaTestBus(kafka.direct));
    topic = `topic-${randomUUID()}`;
    group = `group-${randomUUID()}`;
    await direct.createTopics([{ name: topic, partitions: 1, settings: {} }]);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((bus) => bus.close()));
    await proxy.close();
  });

  function opening<B extends MessageBus>(bus: B): B {
    opened.push(bus);
    return bus;
  }

  const openProxied = (timings: Partial<KafkaTimings> = {}): KafkaTestBus =>
    opening(openKafkaTestBus(kafka.proxied, timings));

  it('may be opened before the brokers are there; everything heals by itself', async () => {
    await proxy.close();
    const bus = openProxied();
    const consumed = startConsuming(bus, { topic, group });
    await expect(bus.check()).rejects.toMatchObject({
      ...unavailable,
      message: expect.stringContaining(kafka.proxied),
    });
    await expect(bus.openProducer()).rejects.toMatchObject(unavailable);
    await eventually('the consumer to be started again', () => bus.linesAt('warn').length > 0);
    proxy = await kafka.openProxy();
    await eventually('all to be well', () => isWell(bus));
    await sendAll(bus, countingMessages(topic, 5));
    await eventually('the messages', () => consumed.messages.length === 5);

    proxy.mode('refuse');
    await eventually('the outage to be told', async () => !(await isWell(bus)));
    await sendAll(direct, countingMessages(topic, 5, 10, 5));
    proxy.mode('pass');
    await eventually('what came meanwhile', () => consumed.messages.length >= 10);
    await eventually('all to be well again', () => isWell(bus));
    expect(new Set(consumed.messages.map(valueOf)).size).toBe(10);
    expect(bus.linesAt('error')).toEqual([]);
    proxy.mode('refuse');
    expect(await elapsed(bus.close())).toBeLessThan(2_000);
  });

  it('starts a consumer again that fell silent', async () => {
    const bus = openProxied({ sessionMs: 1_000, rebalanceMs: 1_000 });
    const consumed = startConsuming(bus, { topic, group });
    await eventually('all to be well', () => isWell(bus));
    proxy.mode('hang');
    await sendAll(direct, countingMessages(topic, 5));
    await eventually('the consumer to be started again', () => bus.linesAt('warn').length > 0);
    proxy.mode('pass');
    await eventually('the messages', () => consumed.messages.length >= 5);
    await eventually('all to be well again', () => isWell(bus));
    expect(bus.linesAt('error')).toEqual([]);
  });

  it('writes each message once and in order, however often the connection is cut in the middle', async () => {
    const bus = openProxied();
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
        next = await nextOf(topic);
      }
    }
    cutting.abort();
    await cutter;
    await producer.close();
    expect(await valuesIn(topic, next)).toEqual(countingValues(next));
  });

  it('writes once what was written when the connection was cut before the answer', async () => {
    const producer = await openProxied().openProducer();
    await producer.tails([topic]);
    for (let next = 0; next < 30; next += 10) {
      proxy.mode(SLOW);
      const sending = producer.send(countingMessages(topic, 10, 3, next));
      await untilWritten(topic, next + 10);
      proxy.cut();
      proxy.mode('pass');
      await sending;
    }
    expect(await valuesIn(topic, 30)).toEqual(countingValues(30));
  });

  it('tells by the newest messages what was written when it could not say so', async () => {
    const producer = await openProxied().openProducer();
    await producer.tails([topic]);
    proxy.mode(SLOW);
    const sending = expect(producer.send(countingMessages(topic, 10))).rejects.toMatchObject(unavailable);
    await untilWritten(topic, 10);
    proxy.mode('refuse');
    await sending;
    proxy.mode('pass');
    expect(await nextOf(topic)).toBe(10);
  });

  it('rejects within its time-out when nothing comes back, and does not send behind its back', async () => {
    const bus = openProxied();
    const producer = await bus.openProducer();
    await producer.send(countingMessages(topic, 1));
    proxy.mode('hang');
    await expect(bus.check()).rejects.toMatchObject(unavailable);
    const sending = expect(producer.send(countingMessages(topic, 1, 1, 1))).rejects.toMatchObject(
      unavailable,
    );
    expect(await elapsed(sending)).toBeLessThan(3_500);
    proxy.mode('pass');
    // Long enough for kafkajs to try once more, if it could.
    await systemClock.sleep(1_500);
    expect(await elapsed(bus.close())).toBeLessThan(2_000);
    expect(await valuesIn(topic, 1)).toEqual(['0']);
  });

  it('is well over a slow path, once it has connected', async () => {
    proxy.mode({ slowMs: 300 });
    // Connecting takes several questions, and each of them longer than a third of this.
    const bus = openProxied({ checkMs: 800, requestMs: 3_000, callMs: 10_000 });
    await expect(bus.check()).rejects.toMatchObject(unavailable);
    await eventually('it to be well', () => isWell(bus));
    await bus.check();
  });

  /** Long enough to see that the request was written before the answer comes back. */
  const SLOW = { slowMs: 400 };

  const isWell = (bus: MessageBus): Promise<boolean> =>
    bus.check().then(
      () => true,
      () => false,
    );

  /** Through a network that may be cut at any moment. */
  const openSome = (bus: MessageBus): Promise<Producer> =>
    eventually('a producer', () => bus.openProducer().catch(() => undefined));

  /** What `tails`, through the bad network, says is to come next. */
  const nextOf = (topic: string): Promise<number> =>
    eventually('the newest message', async () => {
      const bus = openKafkaTestBus(kafka.proxied);
      try {
        const [tail] = await (await bus.openProducer()).tails([topic]);
        return tail === undefined ? 0 : Number(valueOf(tail)) + 1;
      } catch {
        return undefined;
      } finally {
        await bus.close();
      }
    });

  /** Waits until so many messages of the only partition are written. */
  async function untilWritten(topic: string, count: number): Promise<void> {
    const producer = await direct.openProducer();
    await eventually(`${count} messages to be written`, async () => {
      const [tail] = await producer.tails([topic]);
      return tail?.offset === String(count - 1);
    });
    await producer.close();
  }

  /** All there are, once at least `count` have come. */
  const valuesIn = async (topic: string, count: number): Promise<string[]> =>
    (await readTopic(direct, topic, group, count)).map(valueOf);

  const countingValues = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => String(index));
});

async function elapsed(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}
