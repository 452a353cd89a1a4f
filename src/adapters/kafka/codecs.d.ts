declare module 'lz4js' {
  /** Of the LZ4 frame format. */
  export function decompress(source: Uint8Array): Uint8Array;
}
declare module 'snappyjs' {
  /** Of the raw format, without frames. */
  export function uncompress<T extends Uint8Array>(source: T): T;
  export function compress<T extends Uint8Array>(source: T): T;
}
