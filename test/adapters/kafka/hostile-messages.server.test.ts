import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Message } from 'kafkajs';
import type { IncomingMessage } from '../../../src/ports/message-bus.js';
import { startConsuming, valueOf } from '../../support/consumed.js';
import { eventually } from '../../support/eventually.js';
import { openKafkaTestBus } from '../../servers/kafka-test-bus.js';
import { describeWithServer } from '../../servers/with-server.js';
import { openRawProducer, type RawProducer } from './raw-producer.js';

interface Attack {
  what: string;
  messages: readonly Message[];
  codec?: string;
}

const zeros = (length: number): Buffer => Buffer.alloc(length);
const CODECS = ['gzip', 'snappy', 'lz4 in blocks', 'zstd'];

/** Each message may be read, though not in full. */
const CUT: Attack[] = [
  { what: 'a key of 900 kB', messages: [{ key: 'k'.repeat(900_000), value: '{}' }] },
  { what: 'a key of 900 kB that is no text', messages: [{ key: Buffer.alloc(900_000, 0xff), value: '{}' }] },
  { what: 'a tombstone with a key of 900 kB', messages: [{ key: 'k'.repeat(900_000), value: null }] },
  { what: 'a header of 900 kB', messages: [{ value: '{}', headers: { ce_id: 'i'.repeat(900_000) } }] },
  {
    what: 'a header with a name of 900 kB',
    messages: [{ value: '{}', headers: { ['n'.repeat(900_000)]: '' } }],
  },
  {
    what: '10,000 headers',
    messages: [
      {
        value: '{}',
        headers: Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`h${at}`, 'v'])),
      },
    ],
  },
  ...CODECS.map((codec) => ({
    what: `a header of 5 MB by ${codec}`,
    messages: [{ value: '{}', headers: { large: 'h'.repeat(5_000_000) } }],
    codec,
  })),
];

/** The batch is passed over. */
const UNREADABLE: Attack[] = CODECS.map((codec) => ({
  what: `a value of 40 MB by ${codec}`,
  messages: [{ value: zeros(40_000_000) }],
  codec,
}));

describeWithServer('kafka', 'hostile messages on Kafka', (brokers) => {
  const group = `group-${randomUUID()}`;
  let topic: string;
  let raw: RawProducer;

  beforeEach(async () => {
    topic = `topic-${randomUUID()}`;
    raw = await openRawProducer(brokers);
    await raw.createTopic(topic, 1, { 'max.message.bytes': '20000000' });
  });
  afterEach(() => raw.close());

  /** What a consumer of the group gets until a message with this value; and what its bus told. */
  async function consumeUntil(value: string): Promise<{ got: IncomingMessage[]; errors: string[] }> {
    const bus = openKafkaTestBus(brokers);
    const consumed = startConsuming(bus, { topic, group });
    const hasCome = (): boolean => consumed.messages.some((message) => valueOf(message) === value);
    await eventually(value, hasCome, 20_000);
    await consumed.stop();
    expect(bus.linesAt('warn')).toEqual([]);
    await bus.close();
    return { got: consumed.messages, errors: bus.linesAt('error') };
  }

  const small = (message: IncomingMessage | undefined): number =>
    JSON.stringify({ ...message, value: '' }).length;

  it.each(CUT)('$what: cut, and what is behind it comes', async ({ messages, codec }) => {
    await raw.send(topic, messages, codec);
    await raw.send(topic, [{ value: 'good' }]);
    const { got, errors } = await consumeUntil('good');
    expect(got).toHaveLength(2);
    expect(got[0]?.tooLarge).toMatch(/allowed are/);
    expect(small(got[0])).toBeLessThan(40_000);
    expect(got[1]?.tooLarge).toBeUndefined();
    expect(errors).toEqual([]);
    await raw.send(topic, [{ value: 'after the restart' }]);
    expect((await consumeUntil('after the restart')).got).toHaveLength(1);
  });

  it.each(UNREADABLE)('$what: passed over, and what is behind it comes', async ({ messages, codec }) => {
    await raw.send(topic, [{ value: 'before' }]);
    await raw.send(topic, messages, codec);
    await raw.send(topic, [{ value: 'good' }]);
    const { got, errors } = await consumeUntil('good');
    expect(got.map(valueOf)).toEqual(['before', 'good']);
    expect(errors).toEqual(['messages cannot be read; passed over']);
    await raw.send(topic, messages, codec);
    await raw.send(topic, [{ value: 'after the restart' }]);
    expect((await consumeUntil('after the restart')).got.map(valueOf)).toEqual(['after the restart']);
  });

  it('an unreadable batch at the end of a topic: does not keep the newest message from being read', async () => {
    await raw.send(topic, [{ value: 'before' }]);
    await raw.send(topic, [{ value: zeros(40_000_000) }], 'gzip');
    const bus = openKafkaTestBus(brokers);
    const producer = await bus.openProducer();
    expect(await producer.tails([topic])).toMatchObject([
      { offset: '1', key: null, value: null, headers: {} },
    ]);
    await producer.close();
    await bus.close();
  });

  it.each(CODECS)(
    '5,000 messages in one batch by %s: all come, in order',
    async (codec) => {
      const count = 5_000;
      const sent = Array.from({ length: count }, (_, at) => ({ value: String(at) }));
      await raw.send(topic, sent, codec);
      const bus = openKafkaTestBus(brokers);
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const consumed = startConsuming(bus, { topic, group, atMost: 500 });
      await eventually('all', () => consumed.messages.length >= count, 60_000);
      delay.disable();
      await consumed.stop();
      await bus.close();
      expect(consumed.messages.every((message, at) => valueOf(message) === String(at))).toBe(true);
      expect(delay.max / 1e6).toBeLessThan(200);
    },
    90_000,
  );
});
