import type { Clock } from '../../../ports/clock.js';
import { decompressGzip } from './decompress-gzip.js';
import { decompressLz4 } from './decompress-lz4.js';
import { decompressSnappy } from './decompress-snappy.js';
import { decompressZstd } from './decompress-zstd.js';
import { createOutput, type Output } from './output.js';
import { UnreadableError } from './unreadable-error.js';
import { createWorkPace, type WorkPace } from './work-pace.js';

/** Between what a batch has decompressed and compressed. */
const USUAL_RATIO = 8;

export interface Decompression {
  /** The largest result, bytes. */
  most: number;
  clock: Pick<Clock, 'yield'>;
}

/**
 * The records of a batch. Takes no memory beyond the limit, and gives way to other work.
 * @param codec Kafka's number of it
 * @throws UnreadableError when it has another form, or is larger than the limit
 */
export async function decompress(
  codec: number,
  source: Buffer,
  decompression: Decompression,
): Promise<Buffer> {
  try {
    return await decompressBy(codec, source, decompression);
  } catch (error) {
    if (error instanceof UnreadableError) throw error;
    throw new UnreadableError(`it cannot be decompressed: ${String(error)}`, { cause: error });
  }
}

function decompressBy(codec: number, source: Buffer, { most, clock }: Decompression): Promise<Buffer> {
  const written = async (by: (output: Output, pace: WorkPace) => Promise<void>): Promise<Buffer> => {
    const output = createOutput(most, USUAL_RATIO * source.length);
    await by(output, createWorkPace(clock));
    return output.bytes();
  };
  switch (codec) {
    case 0:
      return Promise.resolve(source);
    case 1:
      return decompressGzip(source, most);
    case 2:
      return written((output, pace) => decompressSnappy(source, output, pace));
    case 3:
      return written((output, pace) => decompressLz4(source, output, pace));
    case 4:
      return written((output, pace) => decompressZstd(source, output, pace, most));
    default:
      throw new UnreadableError(`its compression is unknown: ${codec}`);
  }
}
