import { expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { countingMessages, sendAll, startConsuming, valueOf } from '../../support/consumed.js';
import { eventually } from '../../support/eventually.js';
import { openKafkaTestBus } from '../../servers/kafka-test-bus.js';
import { writeTopic } from '../../servers/kcat.js';
import { describeWithServer } from '../../servers/with-server.js';
import { describeWithKcat } from '../../servers/with-kcat.js';

describeWithServer('kafka', 'Kafka', (brokers) => {
  it('keeps its partitions while a handler lasts longer than the session', async () => {
    const bus = openKafkaTestBus(brokers);
    const [topic, group] = [`topic-${randomUUID()}`, `group-${randomUUID()}`];
    await bus.createTopics([{ name: topic, partitions: 1, settings: {} }]);
    await sendAll(bus, countingMessages(topic, 2));
    let gaveUp = false;
    const consumed = startConsuming(bus, {
      topic,
      group,
      atMost: 1,
      async handle([message], signal) {
        if (message?.offset === '0') await systemClock.sleep(2 * 1_500, signal);
        gaveUp ||= signal.aborted;
      },
    });
    await eventually('both', () => consumed.messages.length >= 2);
    await bus.check();
    await consumed.stop();
    expect(gaveUp).toBe(false);
    expect(consumed.messages.map(valueOf)).toEqual(['0', '1']);
    expect(bus.linesAt('warn')).toEqual([]);
    await bus.close();
  });

  describeWithKcat('messages of others', () => {
    it.each(['gzip', 'snappy', 'lz4', 'zstd'])('reads what others have compressed with %s', async (codec) => {
      const bus = openKafkaTestBus(brokers);
      const [topic, group] = [`topic-${randomUUID()}`, `group-${randomUUID()}`];
      await bus.createTopics([{ name: topic, partitions: 1, settings: {} }]);
      const sent = Array.from({ length: 200 }, (_, index) => `message ${index} ${'läuft ab '.repeat(20)}`);
      writeTopic(brokers, topic, sent, codec);
      const consumed = startConsuming(bus, { topic, group, atMost: 100 });
      await eventually('all', () => consumed.messages.length >= sent.length);
      await consumed.stop();
      expect(consumed.messages.map(valueOf)).toEqual(sent);
      await bus.close();
    });
  });

  it('finds the newest message where others were removed', async () => {
    const bus = openKafkaTestBus(brokers);
    const topic = `topic-${randomUUID()}`;
    await bus.createTopics([{ name: topic, partitions: 1, settings: {} }]);
    const { Kafka, logLevel } = await import('kafkajs');
    const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
    await sendAll(bus, countingMessages(topic, 3));
    // The last offset then belongs to the marker that ends the transaction.
    const other = kafka.producer({ transactionalId: randomUUID(), maxInFlightRequests: 1, idempotent: true });
    await other.connect();
    const transaction = await other.transaction();
    await transaction.send({ topic, messages: [{ key: 'key', value: 'in a transaction' }] });
    await transaction.commit();
    await other.disconnect();
    const producer = await bus.openProducer();
    await eventually('the marker to be left out', async () => {
      const tails = await producer.tails([topic]);
      return tails.length === 1 && tails.map(valueOf)[0] === 'in a transaction';
    });
    const admin = kafka.admin();
    await admin.connect();
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '-1' }] });
    await admin.disconnect();
    expect(await producer.tails([topic])).toEqual([]);
    await producer.close();
    await bus.close();
  });

  it('names a consumer that cannot join its group, until it can', async () => {
    const bus = openKafkaTestBus(brokers);
    const [topic, group] = [`topic-${randomUUID()}`, `group-${randomUUID()}`];
    const consumed = startConsuming(bus, { topic, group });
    await expect(bus.check()).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining(`${topic} in group ${group}`),
    });
    await eventually('it to be started again', () => bus.linesAt('debug').join().includes('retrying'));
    await bus.createTopics([{ name: topic, partitions: 1, settings: {} }]);
    await sendAll(bus, countingMessages(topic, 3));
    await eventually('the messages', () => consumed.messages.length === 3);
    await bus.check();
    expect(bus.linesAt('warn')).toHaveLength(1);
    await consumed.stop();
    await bus.close();
  });

  it('opens nothing any more once it is closed', async () => {
    const bus = openKafkaTestBus(brokers);
    const opening = expect(bus.openProducer()).rejects.toMatchObject({
      message: expect.stringContaining('closed'),
    });
    const checking = expect(bus.check()).rejects.toMatchObject({ code: 'store_unavailable' });
    await bus.close();
    await opening;
    await checking;
    for (const call of [() => bus.openProducer(), () => bus.check()]) {
      await expect(call()).rejects.toMatchObject({
        code: 'store_unavailable',
        message: expect.stringContaining('closed'),
      });
    }
  });

  it('takes the settings of a topic, and the rest from the brokers', async () => {
    const bus = openKafkaTestBus(brokers);
    const topic = `topic-${randomUUID()}`;
    await bus.createTopics([{ name: topic, partitions: 2, settings: { 'cleanup.policy': 'compact' } }]);
    const { Kafka, logLevel, ConfigResourceTypes } = await import('kafkajs');
    const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['cleanup.policy'] }],
    });
    expect(resources[0]?.configEntries[0]?.configValue).toBe('compact');
    await admin.disconnect();
    await bus.close();
  });
});
