import { decompress as decompressZstd } from 'fzstd';
import kafkajs from 'kafkajs';
import lz4 from 'lz4js';
import snappy from 'snappyjs';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/**
 * kafkajs reads only gzip by itself, and a consumer never gets past any other compression. Other producers may use any.
 */
export function readAllCompressions(): void {
  CompressionCodecs[CompressionTypes.Snappy] = codec(uncompressSnappy);
  CompressionCodecs[CompressionTypes.LZ4] = codec((data) => lz4.decompress(data));
  CompressionCodecs[CompressionTypes.ZSTD] = codec((data) => decompressZstd(data));
}

function codec(decompress: (data: Buffer) => Uint8Array) {
  return () => ({
    compress: () => Promise.reject(new Error('what this service sends is not compressed')),
    decompress: (data: Buffer) => Promise.resolve(Buffer.from(decompress(data))),
  });
}

/** Of Java's clients: https://github.com/xerial/snappy-java, SnappyOutputStream. */
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
/** The magic and two versions. */
const XERIAL_HEADER_BYTES = 16;

/** One block, or length-prefixed blocks. */
function uncompressSnappy(data: Buffer): Buffer {
  if (!data.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return snappy.uncompress(data);
  const blocks: Buffer[] = [];
  for (let at = XERIAL_HEADER_BYTES; at < data.length;) {
    const size = data.readUInt32BE(at);
    at += 4;
    blocks.push(snappy.uncompress(data.subarray(at, at + size)));
    at += size;
  }
  return Buffer.concat(blocks);
}
