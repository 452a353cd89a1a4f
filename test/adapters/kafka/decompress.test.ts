import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { decompress } from '../../../src/adapters/kafka/reading/decompress.js';
import { UnreadableError } from '../../../src/adapters/kafka/reading/unreadable-error.js';
import { codecOf, compressors } from './compressors.js';

const clock = systemClock;
const most = 100_000;

describe.each(Object.keys(compressors))('decompressing %s', (name) => {
  const codec = codecOf(name);
  const compress = compressors[name] ?? ((bytes: Buffer) => bytes);

  it('gives back what was compressed', async () => {
    const part = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 9 }), fc.integer({ min: 1, max: 4_000 })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        const bytes = Buffer.concat(
          parts.map((one) => (Array.isArray(one) ? Buffer.alloc(one[1], one[0]) : Buffer.from(one))),
        );
        fc.pre(bytes.length > 0 && bytes.length <= most);
        const read = await decompress(codec, compress(bytes), { most, clock });
        expect(read.equals(bytes)).toBe(true);
      }),
    );
  });

  it('takes what has the largest size, and refuses one byte more', async () => {
    const bytes = Buffer.alloc(most + 1, 'a');
    await expect(decompress(codec, compress(bytes.subarray(1)), { most, clock })).resolves.toHaveLength(most);
    await expect(decompress(codec, compress(bytes), { most, clock })).rejects.toThrow(UnreadableError);
  });

  it('refuses a large one before it takes its memory, and gives way meanwhile', async () => {
    const bomb = compress(Buffer.alloc(200_000_000));
    const before = process.memoryUsage.rss();
    let peak = 0;
    await expect(
      decompress(codec, bomb, {
        most: 8_000_000,
        clock: {
          yield() {
            peak = Math.max(peak, process.memoryUsage.rss());
            return clock.yield();
          },
        },
      }),
    ).rejects.toThrow(UnreadableError);
    peak = Math.max(peak, process.memoryUsage.rss());
    expect(peak - before).toBeLessThan(60_000_000);
  });

  it('refuses whatever is damaged', async () => {
    const good = compress(Buffer.from('läuft ab '.repeat(500)));
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), fc.boolean(), async (at, byte, cut) => {
        const bad = Buffer.from(good);
        bad[at] = byte;
        const read = decompress(codec, cut ? bad.subarray(0, at) : bad, { most, clock });
        // It may be read as something else: the checksum of a batch is looked at before. But it ends.
        await read.then(
          (bytes) => expect(bytes.length).toBeLessThanOrEqual(most),
          (error: unknown) => expect(error).toBeInstanceOf(UnreadableError),
        );
      }),
    );
  });
});

it('refuses an unknown compression', async () => {
  await expect(decompress(7, Buffer.alloc(9), { most, clock })).rejects.toThrow('unknown');
});

it('refuses a window of Zstandard before it takes its memory', async () => {
  // 2 GB, as the frame says, and one empty block.
  const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  await expect(decompress(4, frame, { most, clock })).rejects.toThrow('window');
});
