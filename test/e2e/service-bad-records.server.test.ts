import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { readTopic } from '../servers/kcat.js';
import { openKafkaTestBus } from '../servers/kafka-test-bus.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { describeWithServer } from '../servers/with-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { describeWithKcat } from '../servers/with-kcat.js';

const record = (mentor: string, expires = '2027-01-31'): string =>
  JSON.stringify({ mentor_id: mentor, expires_at: expires });

const BAD: [key: string, value: string | Buffer, reason: RegExp][] = [
  ['no-json', '{"mentor_id":', /no valid JSON/],
  ['no-field', '{"mentor_id":"m"}', /expires_at/],
  ['no-date', record('m', '2027-02-30'), /date that exists/],
  ['large', record('m'.repeat(1_000_000)), /has 1000\d\d\d bytes/],
  ['latin-1', Buffer.from(record('mäntor'), 'latin1'), /no text in UTF-8/],
  ['utf-16', Buffer.from(record('mäntor'), 'utf16le'), /no text in UTF-8|no valid JSON/],
];

describeWithServer('kafka', 'bad certification records on Kafka', (brokers) => {
  describeWithKcat('read back by kcat', () => {
    let service: RunningApp | undefined;
    afterEach(async () => {
      await service?.app.stop();
    });

    it('are set aside with the reason, their offsets are passed, and the feed goes on', async () => {
      const prefix = `bad-${randomUUID()}.`;
      const env = { DATA_DIR: temporaryFolder(), KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: prefix };
      service = await startApp(env);
      const { registry } = service.app.adapters;
      const bus = openKafkaTestBus(brokers, { callMs: 20_000, requestMs: 10_000 });
      const topic = `${prefix}certifications`;
      await bus.createTopics([{ name: topic, partitions: 6, settings: {} }]);
      const producer = await bus.openProducer();
      const send = (key: string, value: string | Buffer | null) =>
        producer.send([{ topic, key, headers: {}, value }]);
      for (const [key, value] of BAD) {
        await send(key, value);
        await send(`good-${key}`, record('mentor'));
      }
      await send('good-large', null);
      await eventually(
        'the good ones are there',
        async () => (await registry.summary()).total === BAD.length - 1,
      );
      const letters = await eventually('the bad ones are set aside', async () => {
        const found = await readTopic(brokers, `${prefix}certification-cron.dead-letters`);
        return found.length >= BAD.length && found;
      });
      expect(letters.map(({ key }) => key).sort()).toEqual(BAD.map(([key]) => key).sort());
      for (const [key, , reason] of BAD) {
        const letter = letters.find((one) => one.key === key);
        expect(letter?.headers.dead_letter_reason).toMatch(reason);
      }
      // What is done with is not delivered to the next process again.
      await service.app.stop();
      service = await startApp(env);
      await send('last', record('mentor'));
      await eventually('the last one is there', async () => {
        return (await service?.app.adapters.registry.summary())?.total === BAD.length;
      });
      expect(await readTopic(brokers, `${prefix}certification-cron.dead-letters`)).toHaveLength(BAD.length);
      await producer.close();
      await bus.close();
    }, 60_000);
  });
});
