import { UnreadableError } from './unreadable-error.js';

/** Reads Kafka's encodings (https://kafka.apache.org/protocol#protocol_types), never beyond the end. */
export interface BytesReader {
  /** Where the next read begins. */
  readonly at: number;
  moveTo(at: number): void;
  int8(): number;
  int16(): number;
  int32(): number;
  int64(): bigint;
  /** ZigZag, of at most 32 bits. */
  varint(): number;
  skipVarlong(): void;
  /** A view of the next `length` bytes. */
  bytes(length: number): Buffer;
}

/** @throws UnreadableError from each read that would go beyond the end */
export function createBytesReader(source: Buffer): BytesReader {
  let at = 0;

  function take(length: number): number {
    if (length < 0 || length > source.length - at)
      throw new UnreadableError('a length exceeds what there is');
    const from = at;
    at += length;
    return from;
  }

  return {
    get at() {
      return at;
    },
    moveTo(to) {
      at = 0;
      take(to);
    },
    int8: () => source.readInt8(take(1)),
    int16: () => source.readInt16BE(take(2)),
    int32: () => source.readInt32BE(take(4)),
    int64: () => source.readBigInt64BE(take(8)),
    varint() {
      let value = 0;
      for (let shift = 0; shift < 35; shift += 7) {
        const byte = source[take(1)] ?? 0;
        value |= (byte & 0x7f) << shift;
        if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
      }
      throw new UnreadableError('a number has more than 32 bits');
    },
    skipVarlong() {
      for (let read = 0; read < 10; read++) if ((source[take(1)] ?? 0) < 0x80) return;
      throw new UnreadableError('a number has more than 64 bits');
    },
    bytes(length) {
      const from = take(length);
      return source.subarray(from, from + length);
    },
  };
}
