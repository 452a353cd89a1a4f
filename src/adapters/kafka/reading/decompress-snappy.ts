import type { Output } from './output.js';
import { UnreadableError } from './unreadable-error.js';
import type { WorkPace } from './work-pace.js';

/** Of Java's clients: https://github.com/xerial/snappy-java, SnappyOutputStream. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
/** The magic and two versions. */
const XERIAL_HEADER_BYTES = 16;

/** One block, or length-prefixed blocks. */
export async function decompressSnappy(source: Buffer, output: Output, pace: WorkPace): Promise<void> {
  if (!source.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) {
    await decompressBlock(source, output, pace);
    return;
  }
  for (let at = XERIAL_HEADER_BYTES; at < source.length;) {
    const from = at + 4;
    at = from + source.readUInt32BE(at);
    if (at > source.length) throw new UnreadableError('it ends within a block');
    await decompressBlock(source.subarray(from, at), output, pace);
  }
}

/** https://github.com/google/snappy/blob/main/format_description.txt */
async function decompressBlock(source: Buffer, output: Output, pace: WorkPace): Promise<void> {
  let at = 0;

  /** Little-endian, of up to 4 bytes. */
  function number(bytes: number): number {
    if (at + bytes > source.length) throw new UnreadableError('it ends within an element');
    at += bytes;
    return bytes === 0 ? 0 : source.readUIntLE(at - bytes, bytes);
  }

  let size = 0;
  for (let shift = 0, more = true; more; shift += 7) {
    if (shift > 28) throw new UnreadableError('its length is no number of 32 bits');
    const byte = number(1);
    size = (size | ((byte & 0x7f) << shift)) >>> 0;
    more = byte >= 0x80;
  }
  const end = output.length + size;
  while (at < source.length) {
    const before = at + output.length;
    const tag = number(1);
    const upper = tag >>> 2;
    if ((tag & 3) === 0) {
      const length = (upper < 60 ? upper : number(upper - 59)) + 1;
      if (at + length > source.length) throw new UnreadableError('it ends within a literal');
      output.append(source.subarray(at, at + length));
      at += length;
    } else if ((tag & 3) === 1) {
      output.repeat(((tag >>> 5) << 8) | number(1), 4 + (upper & 7));
    } else {
      output.repeat(number((tag & 3) === 2 ? 2 : 4), 1 + upper);
    }
    if (output.length > end) throw new UnreadableError('it is longer than it says');
    if (pace.isDue(at + output.length - before)) await pace.giveWay();
  }
  if (output.length !== end) throw new UnreadableError('it is shorter than it says');
}
