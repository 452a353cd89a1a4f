import { UnreadableError } from './unreadable-error.js';

/** What a decompressor has written so far. It grows up to a limit, and takes no memory beyond. */
export interface Output {
  readonly length: number;
  append(bytes: Uint8Array): void;
  /** Appends `length` bytes that begin `distance` bytes back, and may overlap with what they append. */
  repeat(distance: number, length: number): void;
  bytes(): Buffer;
}

const FIRST_BYTES = 65_536;
/** From here on the native copy is faster than a loop. */
const LONG = 32;

/** @throws UnreadableError from whatever would exceed `most` bytes */
export function createOutput(most: number): Output {
  let buffer = Buffer.allocUnsafe(Math.min(most, FIRST_BYTES));
  let length = 0;

  function makeRoom(more: number): void {
    const wanted = length + more;
    if (wanted > most) throw new UnreadableError(`it has more than ${most} bytes when decompressed`);
    if (wanted <= buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.min(most, Math.max(wanted, 2 * buffer.length)));
    larger.set(buffer.subarray(0, length));
    buffer = larger;
  }

  return {
    get length() {
      return length;
    },
    append(bytes) {
      makeRoom(bytes.length);
      buffer.set(bytes, length);
      length += bytes.length;
    },
    repeat(distance, more) {
      if (distance < 1 || distance > length) throw new UnreadableError('it repeats what is not there');
      makeRoom(more);
      const from = length - distance;
      const end = length + more;
      if (more < LONG) {
        for (let at = from; length < end; at++, length++) buffer[length] = buffer[at] ?? 0;
      }
      // Each turn copies all that is there already, which doubles it.
      while (length < end) {
        const step = Math.min(end - length, length - from);
        buffer.copyWithin(length, from, from + step);
        length += step;
      }
    },
    bytes: () => buffer.subarray(0, length),
  };
}
