import { UnreadableError } from './unreadable-error.js';

/** What a decompressor has written so far. It grows up to a limit, and takes no memory beyond. */
export interface Output {
  readonly length: number;
  append(bytes: Uint8Array): void;
  /** Appends `length` bytes that begin `distance` bytes back, and may overlap with what they append. */
  repeat(distance: number, length: number): void;
  bytes(): Buffer;
}

/** From here on the native copy is faster than a loop. */
const LONG = 32;

/**
 * @param expected how many bytes it will most often have
 * @throws UnreadableError from whatever would exceed `most` bytes
 */
export function createOutput(most: number, expected: number): Output {
  let buffer = Buffer.allocUnsafe(Math.min(most, expected));
  let length = 0;

  function makeRoom(more: number): void {
    const wanted = length + more;
    if (wanted > most) throw new UnreadableError(`it has more than ${most} bytes when decompressed`);
    if (wanted <= buffer.length) return;
    // All at once: growing step by step would copy it again and again, and what is not written to takes no memory.
    const larger = Buffer.allocUnsafe(most);
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
