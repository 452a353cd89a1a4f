import kafkajs from 'kafkajs';
import { compress } from 'snappyjs';
import { expect, it } from '@jest/globals';
import { readAllCompressions } from '../../../src/adapters/kafka/read-compressed.js';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/** As SnappyOutputStream of snappy-java writes it: a header, then blocks with their sizes before them. */
function asJavaWritesIt(blocks: readonly string[]): Buffer {
  const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  const sized = blocks.flatMap((block) => {
    const compressed = compress(Buffer.from(block));
    const size = Buffer.alloc(4);
    size.writeUInt32BE(compressed.length);
    return [size, compressed];
  });
  return Buffer.concat([header, ...sized]);
}

it('reads the blocks that clients in Java write', async () => {
  readAllCompressions();
  const codec = CompressionCodecs[CompressionTypes.Snappy]();
  const blocks = ['first '.repeat(500), 'second', 'läuft ab'];
  expect(String(await codec.decompress(asJavaWritesIt(blocks)))).toBe(blocks.join(''));
  expect(String(await codec.decompress(compress(Buffer.from('raw '.repeat(99)))))).toBe('raw '.repeat(99));
});
