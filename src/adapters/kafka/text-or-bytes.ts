import type { TextOrBytes } from '../../ports/message-bus.js';

/** A byte order mark belongs to a key: without it, it would be another one. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text that these bytes are in UTF-8, or the bytes when they are none. */
export function textOrBytes(bytes: Uint8Array): TextOrBytes {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes;
  }
}
