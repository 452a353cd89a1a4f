const { imul } = Math;
const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** The partition of a key, as Kafka's own clients compute it; always the same one. */
export function partitionForKey(key: string | Uint8Array, partitions: number): number {
  return (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fff_ffff) % partitions;
}

/**
 * Equal to `org.apache.kafka.common.utils.Utils.murmur2`. On 32-bit integers, in time linear to the key: kafkajs
 * computes it on a BigInt that it never cuts, for minutes when a key is long.
 */
function murmur2(key: Uint8Array): number {
  const { length } = key;
  const byte = (at: number): number => key[at] ?? 0;
  const whole = length - (length % 4);
  let hash = SEED ^ length;
  for (let at = 0; at < whole; at += 4) {
    const four = byte(at) | (byte(at + 1) << 8) | (byte(at + 2) << 16) | (byte(at + 3) << 24);
    let k = imul(four, M);
    k ^= k >>> 24;
    hash = imul(hash, M) ^ imul(k, M);
  }
  for (let at = length - 1; at >= whole; at--) hash ^= byte(at) << (8 * (at - whole));
  if (whole < length) hash = imul(hash, M);
  hash = imul(hash ^ (hash >>> 13), M);
  return hash ^ (hash >>> 15);
}
