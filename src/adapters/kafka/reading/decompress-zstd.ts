import { Decompress } from 'fzstd';
import { createBytesReader, type BytesReader } from './bytes-reader.js';
import type { Output } from './output.js';
import { UnreadableError } from './unreadable-error.js';
import type { WorkPace } from './work-pace.js';

const MAGIC = 0xfd2fb528;
/** The last 4 bits are free. */
const SKIPPABLE_MAGIC = 0x184d2a50;
/** Type of a block: one byte that is repeated. */
const REPEATED = 1;

/**
 * Frames one after the other: https://github.com/facebook/zstd/blob/dev/doc/zstd_compression_format.md. fzstd takes as
 * much memory as the window of a frame has, so this is looked at first; and it gets one block at a time, which is at
 * most 128 KiB when decompressed.
 * @param mostWindow the largest window, bytes
 */
export async function decompressZstd(
  source: Buffer,
  output: Output,
  pace: WorkPace,
  mostWindow: number,
): Promise<void> {
  const reader = createBytesReader(source);
  const uint32 = (): number => reader.bytes(4).readUInt32LE();
  while (reader.at < source.length) {
    const from = reader.at;
    const magic = uint32();
    if ((magic & ~15) === SKIPPABLE_MAGIC) {
      reader.bytes(uint32());
      continue;
    }
    if (magic !== MAGIC) throw new UnreadableError('it is no Zstandard frame');
    const { window, hasChecksum } = readFrameHeader(reader);
    if (window > mostWindow) {
      throw new UnreadableError(`its window has ${window} bytes, allowed are ${mostWindow}`);
    }
    const frame = new Decompress((bytes) => {
      output.append(bytes);
    });
    for (let next = from, isLast = false; !isLast; next = reader.at) {
      isLast = skipBlock(reader);
      if (isLast && hasChecksum) reader.bytes(4);
      frame.push(source.subarray(next, reader.at), isLast);
      // fzstd moves the whole window for each block.
      if (pace.isDue(reader.at - next + window)) await pace.giveWay();
    }
  }
}

function readFrameHeader(reader: BytesReader): { window: number; hasChecksum: boolean } {
  const descriptor = reader.bytes(1).readUInt8();
  const sizeFlag = descriptor >>> 6;
  const isSingle = (descriptor & 0x20) !== 0;
  let window = 0;
  if (!isSingle) {
    const byte = reader.bytes(1).readUInt8();
    const base = Math.pow(2, 10 + (byte >>> 3));
    window = base + (base / 8) * (byte & 7);
  }
  reader.bytes([0, 1, 2, 4][descriptor & 3] ?? 0);
  const sizeBytes = sizeFlag === 0 ? Number(isSingle) : 1 << sizeFlag;
  const size = reader.bytes(sizeBytes);
  if (isSingle) window = sizeBytes === 8 ? Number(size.readBigUInt64LE()) : size.readUIntLE(0, sizeBytes);
  // A size of 2 bytes begins at 256.
  return { window: isSingle && sizeBytes === 2 ? window + 256 : window, hasChecksum: (descriptor & 4) !== 0 };
}

/** @returns whether it is the last one of its frame */
function skipBlock(reader: BytesReader): boolean {
  const header = reader.bytes(3).readUIntLE(0, 3);
  const type = (header >>> 1) & 3;
  reader.bytes(type === REPEATED ? 1 : header >>> 3);
  return (header & 1) !== 0;
}
