declare module 'lz4js' {
  /** In the LZ4 frame format. */
  export function compress(source: Uint8Array): Uint8Array;
}
declare module 'snappyjs' {
  /** In the raw format, without frames. */
  export function compress<T extends Uint8Array>(source: T): T;
}
