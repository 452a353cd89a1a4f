import { gzipSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import { compress as compressLz4 } from 'lz4js';
import { compress as compressSnappy } from 'snappyjs';

const BLOCK_BYTES = 131_072;

/** How other producers compress, by Kafka's name of the codec. */
export const compressors: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: (bytes) => gzipSync(bytes),
  snappy: (bytes) => Buffer.from(compressSnappy(bytes)),
  'snappy of Java': (bytes) => snappyOfJava(bytes),
  lz4: (bytes) => Buffer.from(compressLz4(bytes)),
  'lz4 in blocks': (bytes) => lz4InBlocks(bytes),
  zstd,
};

const { CompressionTypes } = kafkajs;
const numbers = new Map([
  ['gzip', CompressionTypes.GZIP],
  ['snappy', CompressionTypes.Snappy],
  ['lz4', CompressionTypes.LZ4],
  ['zstd', CompressionTypes.ZSTD],
]);

/** Kafka's number of the codec. @param name as in `compressors`; none when it is omitted */
export const codecOf = (name = ''): kafkajs.CompressionTypes =>
  numbers.get(name.split(' ')[0] ?? '') ?? CompressionTypes.None;

/** As SnappyOutputStream of snappy-java writes it: a header, then blocks with their sizes before them. */
function snappyOfJava(bytes: Buffer): Buffer {
  const header = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
  const sized = blocksOf(bytes, 32_768).flatMap((block) => {
    const compressed = compressSnappy(block);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(compressed.length);
    return [size, compressed];
  });
  return Buffer.concat([header, ...sized]);
}

/** One frame of blocks that do not depend on each other, as Kafka wants them: stored, or one byte that is repeated. */
function lz4InBlocks(bytes: Buffer): Buffer {
  // Blocks of up to 64 KiB, without any checksum but that of these two bytes.
  const header = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82]);
  const blocks = blocksOf(bytes, 65_536).flatMap((block) => {
    const packed = isRepeated(block) && block.length > 100 ? repeatedByLz4(block) : block;
    const size = Buffer.alloc(4);
    size.writeUInt32LE((packed.length | (packed === block ? 0x8000_0000 : 0)) >>> 0);
    return [size, packed];
  });
  return Buffer.concat([header, ...blocks, Buffer.alloc(4)]);
}

/** One literal, which is repeated, and the last 12 as literals. */
function repeatedByLz4(block: Buffer): Buffer {
  const more = block.length - 13 - 4 - 15;
  const lengths = Buffer.alloc(Math.floor(more / 255) + 1, 255);
  lengths[lengths.length - 1] = more % 255;
  const [byte = 0] = block;
  return Buffer.concat([Buffer.from([0x1f, byte, 1, 0]), lengths, Buffer.from([0xc0]), block.subarray(-12)]);
}

const isRepeated = (block: Buffer): boolean => block.subarray(1).equals(block.subarray(0, -1));

/** One frame of blocks that are stored, or one byte that is repeated. */
function zstd(bytes: Buffer): Buffer {
  const blocks = blocksOf(bytes, BLOCK_BYTES);
  const parts = blocks.flatMap((block, index) => {
    const isOne = isRepeated(block);
    const size = Buffer.alloc(3);
    const isLast = index === blocks.length - 1;
    size.writeUIntLE((block.length << 3) | (isOne ? 2 : 0) | Number(isLast), 0, 3);
    return [size, isOne ? block.subarray(0, 1) : block];
  });
  return Buffer.concat([zstdHeader(bytes.length), ...parts]);
}

/** Without a checksum; with the size as the window, or one of 8 MiB when that is more than Kafka takes. */
function zstdHeader(size: number): Buffer {
  if (size > 8_388_608) return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x68]);
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeBigUInt64LE(BigInt(size), 5);
  return header;
}

function blocksOf(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}
