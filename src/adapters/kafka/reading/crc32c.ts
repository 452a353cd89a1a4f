const POLYNOMIAL = 0x82f63b78;

/** For four bytes at once: the nth table has what a byte does to the checksum when n others come after it. */
const [none, one, two, three] = createTables();

/** The checksum of a batch (CRC-32C), continued from that of what comes before. A signed 32-bit integer. */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const { length } = bytes;
  let crc = ~before;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    crc ^= byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8);
    crc ^= (byteAt(bytes, at + 2) << 16) | (byteAt(bytes, at + 3) << 24);
    crc =
      entry(three, crc & 0xff) ^
      entry(two, (crc >>> 8) & 0xff) ^
      entry(one, (crc >>> 16) & 0xff) ^
      entry(none, crc >>> 24);
  }
  for (; at < length; at++) crc = entry(none, (crc ^ byteAt(bytes, at)) & 0xff) ^ (crc >>> 8);
  return ~crc;
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function entry(table: Int32Array, at: number): number {
  return table[at] ?? 0;
}

function createTables(): [Int32Array, Int32Array, Int32Array, Int32Array] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    return crc;
  });
  const after = (table: Int32Array): Int32Array => table.map((crc) => (crc >>> 8) ^ entry(first, crc & 0xff));
  const second = after(first);
  const third = after(second);
  return [first, second, third, after(third)];
}
