import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { partitionForKey } from '../../../src/adapters/kafka/partition-for-key.js';

/** So many that the partition shows the whole hash. */
const ALL = 0x7fff_ffff + 1;

describe('the partition of a key', () => {
  it.each<[string | Uint8Array, number]>([
    // From UtilsTest.java of Kafka: what murmur2 gives, before the sign is dropped.
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    [Uint8Array.of(97, 98, 99), 479470107],
    ['', 275646681],
  ])('is that of the clients in Java: %j', (key, hash) => {
    expect(partitionForKey(key, ALL)).toBe(hash & 0x7fff_ffff);
  });

  it('is that of kafkajs for every key', () => {
    const reference = Partitioners.DefaultPartitioner();
    const partitionMetadata = (count: number) =>
      Array.from({ length: count }, (_, partitionId) => ({
        partitionId,
        partitionErrorCode: 0,
        leader: 0,
        replicas: [],
        isr: [],
      }));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 97 }), (bytes, count) => {
        const key = Buffer.from(bytes);
        const expected = reference({
          topic: '',
          partitionMetadata: partitionMetadata(count),
          message: { key, value: null },
        });
        expect(partitionForKey(key, count)).toBe(expected);
      }),
    );
  });

  it('takes a text as its bytes in UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (key) => {
        expect(partitionForKey(key, 97)).toBe(partitionForKey(Buffer.from(key), 97));
      }),
    );
  });

  it('is found at once for a key of any length', () => {
    const began = performance.now();
    partitionForKey('k'.repeat(4_000_000), 6);
    expect(performance.now() - began).toBeLessThan(500);
  });
});
