import { crc32 } from 'node:zlib';

/** CRC-32 over the parts of a row: notices what a disk or a hand has changed. */
export function checksumOf(...parts: readonly (string | number)[]): number {
  return crc32(parts.join('\n'));
}
