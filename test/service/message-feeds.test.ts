import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { feedCertifications } from '../../src/messaging/certification-feed.js';
import { createDeadLetters, type DeadLetters } from '../../src/messaging/dead-letters.js';
import { CERTIFICATIONS_TOPIC, DEAD_LETTERS_TOPIC, topics } from '../../src/messaging/topics.js';
import type { CertificationRegistry } from '../../src/ports/certification-registry.js';
import type { MessageBus, OutgoingMessage } from '../../src/ports/message-bus.js';
import { StoreError } from '../../src/ports/store-error.js';
import { certification } from '../contract/certification-registry.contract.js';
import { createCollectingLogger, type LogLine } from '../support/collecting-logger.js';
import { eventually } from '../support/eventually.js';
import { createMemoryBrokers, type MemoryBrokers } from '../stand-ins/memory-bus/memory-bus.js';

let brokers: MemoryBrokers;
let bus: MessageBus;
let registry: CertificationRegistry;
let deadLetters: DeadLetters;
let logged: LogLine[];
let stop: AbortController;
let feeding: Promise<void>;

beforeEach(async () => {
  brokers = createMemoryBrokers({ clock: systemClock });
  bus = brokers.openBus();
  await bus.createTopics(topics);
  registry = openSqliteRegistry({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const logger = createCollectingLogger();
  logged = logger.lines;
  deadLetters = createDeadLetters(bus, logger);
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await feeding;
  await deadLetters.close();
  await bus.close();
  await registry.close();
});

function feed(into: CertificationRegistry = registry): void {
  feeding = feedCertifications({ bus, registry: into, deadLetters }, stop.signal);
}

async function send(
  ...messages: (Pick<OutgoingMessage, 'key' | 'value'> & { headers?: OutgoingMessage['headers'] })[]
) {
  const producer = await bus.openProducer();
  await producer.send(messages.map((message) => ({ topic: CERTIFICATIONS_TOPIC, headers: {}, ...message })));
  await producer.close();
}

const value = (mentor: string, expires = '2027-01-31', more: object = {}): string =>
  JSON.stringify({ mentor_id: mentor, expires_at: expires, ...more });

async function held(): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for await (const page of registry.pages())
    for (const { certification_id, mentor_id } of page) found[String(certification_id)] = mentor_id;
  return found;
}

/** No text in UTF-8. */
const LATIN1 = Buffer.from('käthe', 'latin1');

/** A character for each byte. */
const bytesOf = (value: OutgoingMessage['value']): string | null =>
  value === null ? null : Buffer.from(value).toString('latin1');

const letters = () => brokers.messagesOf(DEAD_LETTERS_TOPIC);
const until = (expected: Record<string, unknown>): Promise<true> =>
  eventually(JSON.stringify(expected), async () => JSON.stringify(await held()) === JSON.stringify(expected));

describe('the feed of certifications', () => {
  it('inserts, replaces and removes, the last message about each counts', async () => {
    feed();
    await send(
      { key: 'cert-1', value: value('mentor-1') },
      {
        key: 'cert-2',
        value: value('mentor-2', '2027-01-31T10:00:00+02:00', { certification_id: 'cert-2' }),
      },
      { key: 'cert-1', value: value('mentor-3', '2028-01-31', { title: 'is not kept' }) },
      { key: 'cert-3', value: value('mentor-3') },
    );
    await until({ 'cert-2': 'mentor-2', 'cert-1': 'mentor-3', 'cert-3': 'mentor-3' });
    await send(
      { key: 'cert-1', value: null },
      { key: 'cert-3', value: null },
      { key: 'cert-3', value: value('mentor-9') },
      { key: 'cert-none', value: null },
    );
    await until({ 'cert-2': 'mentor-2', 'cert-3': 'mentor-9' });
    expect(letters()).toEqual([]);
  });

  it.each<[string, OutgoingMessage['key'], OutgoingMessage['value'], RegExp]>([
    ['no JSON', 'cert-1', '{"mentor_id":', /value is no valid JSON/],
    ['JSON of another shape', 'cert-1', '[]', /value must be an object/],
    ['a missing field', 'cert-1', '{"mentor_id":"m"}', /expires_at must be a date that exists/],
    [
      'a date that does not exist',
      'cert-1',
      value('m', '2027-02-30'),
      /expires_at must be a date that exists/,
    ],
    ['a time without a zone', 'cert-1', value('m', '2027-02-03T10:00:00'), /expires_at/],
    [
      'an id that is not the key',
      'cert-1',
      value('m', '2027-01-31', { certification_id: 'x' }),
      /same as the key/,
    ],
    ['an empty key', '', value('m'), /key must be the certification_id/],
    ['a tombstone without a key', '', null, /key must be the certification_id/],
    ['a key in Latin-1', LATIN1, value('m'), /^key is no text in UTF-8$/],
    ['a tombstone with such a key', LATIN1, null, /^key is no text in UTF-8$/],
    ['a million bytes', 'cert-1', value('m'.repeat(1_000_000)), /has 10000\d\d bytes, allowed are 65536/],
    ['UTF-16', 'cert-1', Buffer.from(value('mäntor'), 'utf16le'), /no text in UTF-8|no valid JSON/],
    ['Latin-1', 'cert-1', Buffer.from(value('mäntor'), 'latin1'), /no text in UTF-8/],
    ['bytes of another format', 'cert-1', Buffer.from([0, 0, 0, 0, 7, 2, 0xfe, 0xff]), /no text in UTF-8/],
  ])('sets %s aside with the reason, as it came, and goes on', async (_, key, bad, reason) => {
    feed();
    await send(
      { key: 'good-1', value: value('m') },
      { key, value: bad, headers: { trace: 'abc', latin1: LATIN1 } },
    );
    await send({ key: 'good-2', value: value('m') });
    await until({ 'good-1': 'm', 'good-2': 'm' });
    const letter = await eventually('a dead letter', () => letters()[0]);
    expect(letter.headers.dead_letter_reason).toMatch(reason);
    expect(letter.headers).toMatchObject({
      trace: 'abc',
      latin1: LATIN1,
      dead_letter_topic: CERTIFICATIONS_TOPIC,
      dead_letter_partition: expect.stringMatching(/^\d$/),
      dead_letter_offset: expect.stringMatching(/^\d+$/),
    });
    expect(letter.key).toEqual(key);
    expect(bytesOf(letter.value)).toBe(bytesOf(bad));
    expect(letters()).toHaveLength(1);
    expect(logged.map(({ level }) => level)).toEqual(['warn']);
  });

  it('keeps a letter without its value when it is too large with its reason', async () => {
    brokers = createMemoryBrokers({ clock: systemClock, maxMessageBytes: 100_000 });
    const [small, large] = [brokers.openBus(), brokers.openBus()];
    await small.createTopics(topics);
    const message = { topic: 'certifications', partition: 3, offset: '7', key: 'k', headers: {} };
    const letters = createDeadLetters(large, createCollectingLogger());
    await letters.add([{ message: { ...message, value: Buffer.alloc(100_001) }, reason: 'too large' }]);
    const [kept] = brokers.messagesOf(DEAD_LETTERS_TOPIC);
    expect(kept?.value).toBeNull();
    expect(kept?.headers).toMatchObject({ dead_letter_offset: '7', dead_letter_reason: 'too large' });
    await letters.close();
  });

  it('does not go past a message while it cannot be set aside', async () => {
    feed();
    brokers.failNextSend('lost');
    await send({ key: 'before', value: value('m') }).catch(() => send({ key: 'before', value: value('m') }));
    await until({ before: 'm' });
    const failing = createDeadLetters({ ...bus, openProducer: failOnce(bus) }, createCollectingLogger());
    stop.abort();
    await feeding;
    stop = new AbortController();
    feeding = feedCertifications({ bus, registry, deadLetters: failing }, stop.signal);
    await send({ key: 'bad', value: 'no JSON' });
    await eventually('a dead letter', () => letters().length > 0);
    expect(letters().map(({ key }) => key)).toEqual(['bad']);
    await failing.close();
  });

  function failOnce(real: MessageBus): MessageBus['openProducer'] {
    let failed = false;
    return () => {
      if (failed) return real.openProducer();
      failed = true;
      return Promise.reject(new StoreError('store_unavailable', 'down'));
    };
  }

  it('waits for a registry that is down, and loses nothing', async () => {
    let down = true;
    feed({
      ...registry,
      upsert: (certifications, source) =>
        down
          ? Promise.reject(new StoreError('store_unavailable', 'down'))
          : registry.upsert(certifications, source),
    });
    await send({ key: 'cert-1', value: value('m-1') }, { key: 'cert-2', value: value('m-2') });
    await send({ key: 'cert-1', value: value('m-3') });
    down = false;
    await until({ 'cert-2': 'm-2', 'cert-1': 'm-3' });
  });

  it('writes what is there already as well: the registry notes that it is confirmed', async () => {
    let written = 0;
    feed({
      ...registry,
      async upsert(certifications, source) {
        await registry.upsert(certifications, source);
        written += certifications.length;
      },
    });
    for (const count of [1, 2]) {
      await send({ key: 'cert-1', value: value('m') });
      await eventually(`written ${count}`, () => written === count);
    }
  });

  it('leaves to an import what the import has written since', async () => {
    feed();
    await send({ key: 'cert-1', value: value('m') });
    await until({ 'cert-1': 'm' });
    await registry.upsert([certification('cert-2', 'm', '2027-01-31')], 'import-1');
    expect(await registry.removeAllBut('feed')).toBe(1);
  });
});
