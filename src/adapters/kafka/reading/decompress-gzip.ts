import { unzip } from 'node:zlib';
import { UnreadableError } from './unreadable-error.js';

const CHUNK_BYTES = 65_536;

/** By other threads, which do not hold up this one. */
export function decompressGzip(source: Buffer, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    unzip(source, { maxOutputLength: most, chunkSize: CHUNK_BYTES }, (error, bytes) => {
      if (error === null) {
        resolve(bytes);
        return;
      }
      const isTooLarge = 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      const reason = isTooLarge ? `it has more than ${most} bytes when decompressed` : error.message;
      reject(new UnreadableError(reason, { cause: error }));
    });
  });
}
