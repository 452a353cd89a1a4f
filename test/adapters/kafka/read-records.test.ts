import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc32c } from '../../../src/adapters/kafka/reading/crc32c.js';
import type { FetchedMessage } from '../../../src/adapters/kafka/reading/fetched-message.js';
import { MOST_PARTITION_BYTES } from '../../../src/adapters/kafka/reading/most-bytes.js';
import { readRecords } from '../../../src/adapters/kafka/reading/read-records.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { createTurns } from '../../../src/waiting/turns.js';
import { batchOf, type TestBatch } from './batches.js';
import { compressors } from './compressors.js';

const reading = { clock: systemClock, decompressing: createTurns(1) };
const text = (length: number): Buffer => Buffer.alloc(length, 'a');

async function read(records: Buffer, from = 0, most = MOST_PARTITION_BYTES): Promise<FetchedMessage[]> {
  const fetched = { records, from: BigInt(from), highWatermark: 1_000_000_000n };
  return (await readRecords(fetched, most, reading)).messages;
}

/** As a consumer reads: from the offset after the last one, until there is nothing more. */
async function readAll(batch: Buffer, lastOffset: number): Promise<FetchedMessage[]> {
  const all: FetchedMessage[] = [];
  for (let next = 0; next <= lastOffset;) {
    const some = await read(batch, next);
    const last = some.at(-1);
    if (last === undefined) throw new Error(`nothing at offset ${next}`);
    all.push(...some);
    next = Number(last.offset) + 1;
  }
  return all;
}

const shown = ({ offset, key, value, headers, isControlRecord, unreadable }: FetchedMessage) => [
  Number(offset),
  isControlRecord ? 'control' : (unreadable?.reason ?? ''),
  key?.toString('hex') ?? null,
  value?.toString('hex') ?? null,
  Object.entries(headers).map(([name, content]) => `${name}=${content.toString('hex')}`),
];

describe('reading what a broker has sent', () => {
  it('knows the checksum of Kafka', () => {
    // Of RFC 3720, B.4.
    expect(crc32c(Buffer.alloc(32)) >>> 0).toBe(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff)) >>> 0).toBe(0x62a8ab43);
    expect(crc32c(Buffer.from('6789'), crc32c(Buffer.from('12345'))) >>> 0).toBe(0xe3069283);
  });

  it('reads every batch of ordinary messages, from any offset on', async () => {
    const bytes = fc.uint8Array({ maxLength: 40 }).map((one) => Buffer.from(one));
    const name = fc.string({ maxLength: 9 }).map((one) => Buffer.from(one));
    const record = fc.record({
      key: fc.option(bytes),
      value: fc.option(bytes),
      headers: fc.uniqueArray(fc.tuple(name, bytes), { maxLength: 4, selector: ([one]) => String(one) }),
    });
    const compression = fc.constantFrom(undefined, ...Object.keys(compressors));
    const batch = fc.tuple(fc.array(record, { minLength: 1, maxLength: 9 }), compression);
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { maxLength: 4 }), fc.nat(99), async (batches, any) => {
        const expected: unknown[] = [];
        const sent: Buffer[] = [];
        let offset = 0;
        for (const [records, compression] of batches) {
          sent.push(batchOf({ baseOffset: offset, records, ...(compression && { compression }) }));
          for (const { key, value, headers } of records) {
            const named = new Map(headers.map(([name, content]) => [String(name), content]));
            const message = { key, value, headers: Object.fromEntries(named), offset: String(offset++) };
            expected.push(shown({ ...message, isControlRecord: false } as FetchedMessage));
          }
        }
        const from = offset === 0 ? 0 : any % offset;
        const messages = await read(Buffer.concat(sent), from);
        expect(messages.map(shown)).toEqual(expected.slice(from));
        // What is cut off at the end is not read yet.
        const cut = Buffer.concat([...sent, batchOf({ baseOffset: offset, records: [{}] }).subarray(0, -1)]);
        expect(await read(cut, from)).toHaveLength(offset === 0 ? 1 : messages.length);
      }),
    );
  });

  it.each<[string, TestBatch['records'][number], RegExp]>([
    ['a long key', { key: text(900_000) }, /^key has 900000 bytes, allowed are 1024$/],
    ['a key that is no text', { key: Buffer.alloc(1_025, 0xff) }, /^key has 1025 bytes/],
    ['a long value', { value: text(5_000_000) }, /^value has 5000000 bytes, allowed are 1048576$/],
    ['a long header', { headers: [[text(9), text(5_000_000)]] }, /^header aaaaaaaaa has 5000000 bytes/],
    [
      'a long name of a header',
      { headers: [[text(1_000_000), text(1)]] },
      /the name of a header has 1000000/,
    ],
    [
      'many headers',
      { headers: Array.from({ length: 10_000 }, (_, index) => [Buffer.from(`h${index}`), text(1)] as const) },
      /^it has 10000 headers, allowed are 100$/,
    ],
    [
      'many long headers',
      { headers: Array.from({ length: 90 }, () => [text(500), text(50_000)] as const) },
      /^(the name of a header has 500 bytes, allowed are 256|header a+ has 50000|; |bytes, allowed are 8192| )+$/,
    ],
    ['a long key without a value', { key: text(2_000), value: null }, /^key has 2000 bytes/],
  ])('cuts %s, says so, and reads on', async (_, record, reason) => {
    for (const compression of [undefined, 'gzip', 'lz4', 'snappy', 'zstd']) {
      const bad = batchOf({ records: [record, { value: text(1) }], ...(compression && { compression }) });
      const [cut, good] = await readAll(bad, 1);
      expect(cut?.tooLarge).toMatch(reason);
      expect(cut?.tooLarge?.length).toBeLessThan(2_000);
      expect(cut?.key?.length ?? 0).toBeLessThanOrEqual(1_024);
      expect(JSON.stringify(Object.entries(cut?.headers ?? {}).map(([name]) => name)).length).toBeLessThan(
        30_000,
      );
      expect([good?.tooLarge, String(good?.value)]).toEqual([undefined, 'a']);
    }
  });

  it('keeps what is named like a part of an object', async () => {
    const headers = ['__proto__', 'constructor', ''].map((name) => [Buffer.from(name), text(1)] as const);
    const [message] = await read(batchOf({ records: [{ headers }] }));
    expect(Object.keys(message?.headers ?? {})).toEqual(['__proto__', 'constructor', '']);
  });

  it.each<[string, (batch: Buffer) => void, RegExp]>([
    ['a wrong checksum', (batch) => batch.writeInt8(1, batch.length - 1), /checksum/],
    [
      'an unknown compression',
      (batch) => seal(batch, () => batch.writeInt16BE(7, 21)),
      /compression is unknown/,
    ],
    ['the format of old brokers', (batch) => batch.writeInt8(1, 16), /format is not read: version 1/],
    ['an unknown format', (batch) => batch.writeInt8(9, 16), /format is not read: version 9/],
    [
      'no compression where it says one',
      (batch) => seal(batch, () => batch.writeInt16BE(4, 21)),
      /Zstandard/,
    ],
    ['offsets out of order', (batch) => seal(batch, () => batch.writeInt32BE(-5, 23)), /ends before/],
    ['a record that is too long', (batch) => seal(batch, () => batch.writeInt8(0x7e, 61)), /exceeds/],
  ])('passes over a batch with %s, once and with its place', async (_, damage, reason) => {
    const bad = batchOf({ baseOffset: 10, records: [{ value: text(30) }] });
    damage(bad);
    const good = batchOf({ baseOffset: 11, records: [{ value: text(1) }] });
    const before = batchOf({ baseOffset: 9, records: [{ value: text(2) }] });
    const messages = await read(Buffer.concat([before, bad, good]), 9);
    expect(messages.map(({ offset }) => offset)).toEqual(['9', '10', '11']);
    expect(messages.map(({ unreadable }) => unreadable)).toEqual([
      undefined,
      { firstOffset: '10', bytes: bad.length, reason: expect.stringMatching(reason) },
      undefined,
    ]);
    expect((await read(bad, 10)).map(({ offset }) => offset)).toEqual(['10']);
  });

  it('reads what there is of a batch that says it has more', async () => {
    const bad = batchOf({ records: [{ value: text(1) }], lastDelta: 7, count: 2 ** 31 - 1 });
    expect((await read(bad)).map(({ offset, unreadable }) => [offset, unreadable?.firstOffset])).toEqual([
      ['0', undefined],
      ['7', '1'],
    ]);
  });

  it.each([-1, 0, 3, 48, 2 ** 31 - 1])('gets past a batch with the size %d', async (size) => {
    const bad = batchOf({ baseOffset: 5, records: [{}] });
    bad.writeInt32BE(size, 8);
    const messages = await read(Buffer.concat([bad, batchOf({ baseOffset: 6, records: [{}] })]), 5);
    expect(messages.map(({ offset, unreadable }) => [offset, unreadable !== undefined])).toContainEqual([
      '5',
      true,
    ]);
  });

  it('always gets past whatever is damaged', async () => {
    const good = Buffer.concat(
      [undefined, 'gzip', 'snappy', 'lz4', 'zstd'].map((compression, index) =>
        batchOf({
          baseOffset: 3 * index,
          records: Array.from({ length: 3 }, () => ({ key: text(5), value: text(90) })),
          ...(compression && { compression }),
        }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), fc.nat(14), async (at, byte, from) => {
        const bad = Buffer.from(good);
        bad[at] = byte;
        const messages = await read(bad, from);
        expect(messages.length).toBeGreaterThan(0);
        const offsets = messages.map(({ offset }) => Number(offset));
        expect(offsets.at(-1)).toBeGreaterThanOrEqual(from);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])(
    'passes over a batch that %s made small',
    async (compression) => {
      const bomb = batchOf({ records: [{ value: text(40_000_000) }], compression });
      const messages = await read(Buffer.concat([bomb, batchOf({ baseOffset: 1, records: [{}] })]));
      expect(messages.map(({ unreadable }) => unreadable?.reason)).toEqual([
        expect.stringMatching(/more than 16777216 bytes|window has/),
        undefined,
      ]);
    },
  );

  it('stops at what it has room for, and finds the rest when it is asked again', async () => {
    const records = Array.from({ length: 5_000 }, (_, index) => ({ value: Buffer.from(String(index)) }));
    const batch = batchOf({ records, compression: 'lz4' });
    expect((await read(batch)).length).toBeLessThan(2_500);
    const all = await readAll(batch, 4_999);
    expect(all.map(({ value }) => String(value))).toEqual(records.map(({ value }) => String(value)));
  });

  it('gets past what compaction has left', async () => {
    const empty = batchOf({ baseOffset: 0, records: [], lastDelta: 9 });
    const part = batchOf({ baseOffset: 10, records: [{ delta: 3 }], lastDelta: 9 });
    expect((await read(Buffer.concat([empty, part]))).map(shown)).toEqual([
      [9, 'control', null, null, []],
      [13, '', null, null, []],
      [19, 'control', null, null, []],
    ]);
    expect((await read(part, 15)).map(shown)).toEqual([[19, 'control', null, null, []]]);
  });

  it.each(['gzip', 'snappy', 'lz4', 'zstd', undefined])(
    'gives way to other work: %s',
    async (compression) => {
      const records = Array.from({ length: 100_000 }, () => ({}));
      const batch = batchOf({ records, ...(compression && { compression }) });
      let times = 0;
      const clock = {
        yield() {
          times++;
          return systemClock.yield();
        },
      };
      const fetched = { records: batch, from: 99_999n, highWatermark: 100_000n };
      const { messages } = await readRecords(fetched, MOST_PARTITION_BYTES, { ...reading, clock });
      expect(messages.map(({ offset }) => offset)).toEqual(['99999']);
      expect(times).toBeGreaterThan(100);
    },
  );
});

/** Changes a batch, and gives it the checksum for that. */
function seal(batch: Buffer, change: () => void): void {
  change();
  batch.writeInt32BE(crc32c(batch.subarray(21)), 17);
}
