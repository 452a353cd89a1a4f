import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createDeadLetters } from '../../../src/messaging/dead-letters.js';
import { DEAD_LETTERS_TOPIC, topics } from '../../../src/messaging/topics.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import type { IncomingMessage } from '../../../src/ports/message-bus.js';
import { createMemoryBrokers, type MemoryBrokers } from '../../stand-ins/memory-bus/memory-bus.js';
import { createCollectingLogger, type LogLine } from '../../support/collecting-logger.js';

const message = (more: Partial<IncomingMessage> = {}): IncomingMessage => ({
  topic: 'certifications',
  partition: 3,
  offset: '7',
  key: 'key',
  headers: { of: 'its own' },
  value: Buffer.from('value'),
  ...more,
});

/** Adds them, where the topic takes so much. */
async function add(
  maxMessageBytes: number,
  ...letters: { message: IncomingMessage; reason: string }[]
): Promise<{ kept: IncomingMessage[]; lines: LogLine[] }> {
  const brokers: MemoryBrokers = createMemoryBrokers({ clock: systemClock, maxMessageBytes });
  const bus = brokers.openBus();
  await bus.createTopics(topics);
  const logger = createCollectingLogger();
  const deadLetters = createDeadLetters(bus, logger);
  await deadLetters.add(letters);
  await deadLetters.close();
  return { kept: brokers.messagesOf(DEAD_LETTERS_TOPIC), lines: logger.lines };
}

describe('a dead letter', () => {
  it('is kept as it came, with the reason', async () => {
    const { kept } = await add(10_000, { message: message(), reason: 'wrong' });
    expect(kept).toMatchObject([
      { key: 'key', headers: { of: 'its own', dead_letter_reason: 'wrong', dead_letter_offset: '7' } },
    ]);
    expect(String(kept[0]?.value)).toBe('value');
  });

  it.each<[string, Partial<IncomingMessage>, string]>([
    ['headers', { headers: { large: 'h'.repeat(9_000) } }, 'wrong'],
    [
      'many headers',
      { headers: Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`h${at}`, 'v'])) },
      '',
    ],
    ['key', { key: 'k'.repeat(9_000) }, 'wrong'],
    ['reason', {}, 'r'.repeat(9_000)],
    [
      'everything',
      { key: 'ä'.repeat(9_000), headers: { a: 'ä'.repeat(9_000) }, value: Buffer.alloc(9_000) },
      'r'.repeat(9_000),
    ],
  ])(
    'is kept cut when it is too large by its %s, and its place and sizes are told',
    async (_, more, reason) => {
      const { kept, lines } = await add(2_000, { message: message(more), reason });
      expect(kept).toHaveLength(1);
      expect(Object.keys(kept[0]?.headers ?? {}).sort()).toEqual([
        ...[
          'dead_letter_cut',
          'dead_letter_offset',
          'dead_letter_partition',
          'dead_letter_reason',
          'dead_letter_topic',
        ],
      ]);
      expect(kept[0]?.headers.dead_letter_cut).toMatch(
        /^key of \d+ characters, \d+ headers of \d+ characters, value of/,
      );
      expect(lines.filter(({ level }) => level !== 'debug').map(({ message }) => message)).toEqual([
        'message invalid; moved to the dead letters',
      ]);
      const warned = lines.find(({ level }) => level === 'warn');
      expect(JSON.stringify({ ...warned?.fields, reason: '' }).length).toBeLessThan(500);
    },
  );

  it('keeps a key and headers that are no text, whole or cut, and the log shows what can be shown', async () => {
    const key = Uint8Array.from(Buffer.from('k\u00e4the', 'latin1'));
    const { kept, lines } = await add(10_000, {
      message: message({ key, headers: { own: key } }),
      reason: 'wrong',
    });
    expect(kept).toMatchObject([{ key: Buffer.from(key), headers: { own: Buffer.from(key) } }]);
    expect(lines.find(({ level }) => level === 'warn')?.fields).toMatchObject({ key: 'k\ufffdthe' });
    const long = message({ key: Uint8Array.from(Buffer.alloc(9_000, 0xff)) });
    const cut = (await add(2_000, { message: long, reason: 'wrong' })).kept[0];
    expect(cut?.key).toEqual(Buffer.alloc(200, 0xff));
    expect(cut?.headers.dead_letter_cut).toMatch(/^key of 9000 bytes, 1 headers of 9 characters, /);
  });

  it('of many, each is kept once and in order, whatever their sizes', async () => {
    const sizes = fc.array(fc.constantFrom(1, 10, 700, 3_000, 90_000), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(sizes, async (of) => {
        const letters = of.map((size, at) => {
          const value = Buffer.alloc(size);
          return { message: message({ offset: String(at), value, key: 'k'.repeat(size) }), reason: 'wrong' };
        });
        const { kept } = await add(4_000, ...letters);
        expect(kept.map(({ headers }) => Number(headers.dead_letter_offset))).toEqual(of.map((_, at) => at));
      }),
      { numRuns: 30 },
    );
  });
});
