import { crc32c } from '../../../src/adapters/kafka/reading/crc32c.js';
import { codecOf, compressors } from './compressors.js';

export interface TestRecord {
  key?: Buffer | null;
  value?: Buffer | null;
  headers?: readonly (readonly [Buffer, Buffer])[];
  /** Within its batch; counted when it is omitted. */
  delta?: number;
}

export interface TestBatch {
  baseOffset?: number;
  records: readonly TestRecord[];
  /** By Kafka's name of the codec, as in `compressors`. */
  compression?: string;
  attributes?: number;
  /** The highest of the records when it is omitted. */
  lastDelta?: number;
  count?: number;
}

/** A batch as a broker sends it. */
export function batchOf(batch: TestBatch): Buffer {
  const { baseOffset = 0, records, compression, attributes = 0 } = batch;
  const deltas = records.map(({ delta }, index) => delta ?? index);
  const { lastDelta = deltas.reduce((a, b) => Math.max(a, b), 0), count = records.length } = batch;
  const plain = Buffer.concat(records.map((record, index) => recordOf(record, deltas[index] ?? 0)));
  const content = compression === undefined ? plain : (compressors[compression]?.(plain) ?? plain);
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(BigInt(baseOffset));
  head.writeInt32BE(49 + content.length, 8);
  head.writeInt8(2, 16);
  head.writeInt16BE(attributes | (compression === undefined ? 0 : codecOf(compression)), 21);
  head.writeInt32BE(lastDelta, 23);
  head.writeBigInt64BE(-1n, 43);
  head.writeInt32BE(count, 57);
  const whole = Buffer.concat([head, content]);
  whole.writeInt32BE(crc32c(whole.subarray(21)), 17);
  return whole;
}

function recordOf({ key = null, value = null, headers = [] }: TestRecord, delta: number): Buffer {
  const body = Buffer.concat([
    Buffer.from([0, 0]),
    varint(delta),
    sized(key),
    sized(value),
    varint(headers.length),
    ...headers.flatMap(([name, content]) => [sized(name), sized(content)]),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

const sized = (bytes: Buffer | null): Buffer =>
  bytes === null ? varint(-1) : Buffer.concat([varint(bytes.length), bytes]);

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}
