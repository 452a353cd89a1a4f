import { createBytesReader } from './bytes-reader.js';
import type { Output } from './output.js';
import { UnreadableError } from './unreadable-error.js';
import type { WorkPace } from './work-pace.js';

const MAGIC = 0x184d2204;
/** Flags of a frame. */
const BLOCK_CHECKSUMS = 0x10;
const CONTENT_SIZE = 0x08;
const DICTIONARY = 0x01;
/** Flag in the size of a block. */
const STORED = 0x8000_0000;
const SHORTEST_MATCH = 4;

/** One frame: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md. Its checksums are not read: the batch has one. */
export async function decompressLz4(source: Buffer, output: Output, pace: WorkPace): Promise<void> {
  const reader = createBytesReader(source);
  const uint32 = (): number => reader.bytes(4).readUInt32LE();
  if (uint32() !== MAGIC) throw new UnreadableError('it is no LZ4 frame');
  const flags = reader.int8();
  // After the largest size of a block: what may be left out, and a checksum.
  reader.bytes(1 + (flags & CONTENT_SIZE ? 8 : 0) + (flags & DICTIONARY ? 4 : 0) + 1);
  for (let size = uint32(); size !== 0; size = uint32()) {
    const block = reader.bytes(size & ~STORED);
    if (size & STORED) {
      output.append(block);
      if (pace.isDue(block.length)) await pace.giveWay();
    } else {
      await decompressBlock(block, output, pace);
    }
    if (flags & BLOCK_CHECKSUMS) reader.bytes(4);
  }
}

/** https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md */
async function decompressBlock(block: Buffer, output: Output, pace: WorkPace): Promise<void> {
  let at = 0;

  function byte(): number {
    const value = block[at++];
    if (value === undefined) throw new UnreadableError('it ends within a sequence');
    return value;
  }

  /** Four bits of the token, and bytes that are added to them. */
  function length(bits: number): number {
    let value = bits;
    if (bits === 15) {
      for (let more = 255; more === 255;) {
        more = byte();
        value += more;
      }
    }
    return value;
  }

  while (at < block.length) {
    const before = at + output.length;
    const token = byte();
    const literals = length(token >>> 4);
    if (at + literals > block.length) throw new UnreadableError('it ends within literals');
    output.append(block.subarray(at, at + literals));
    at += literals;
    // The last sequence has literals only.
    if (at < block.length) {
      const distance = byte() | (byte() << 8);
      output.repeat(distance, length(token & 15) + SHORTEST_MATCH);
    }
    if (pace.isDue(at + output.length - before)) await pace.giveWay();
  }
}
