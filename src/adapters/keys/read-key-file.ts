import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { KeyFileError, parseKeys } from '../../access/parse-keys.js';
import type { ApiKey } from '../../access/api-keys.js';

/** The content of a file of keys, when it was last read. */
export interface KeyFile {
  text: string;
  keys: readonly ApiKey[];
  /** Whoever has an account on the machine could give themselves a key. */
  isWritableByAll: boolean;
}

/** 1,000 keys with long names and every scope have less. */
const MOST_BYTES = 524_288;
const WRITABLE_BY_ALL = 0o002;
/** A pipe would keep whoever opens it until somebody writes to it. */
const READING = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Reads the file that has this name now.
 * @param before what it held: the same text is not parsed again
 * @throws KeyFileError, which names neither the path nor anything in the file
 */
export async function readKeyFile(path: string, before?: KeyFile): Promise<KeyFile> {
  const { text, mode } = await contentOf(path);
  const isWritableByAll = (mode & WRITABLE_BY_ALL) !== 0;
  if (text === before?.text) return { text, keys: before.keys, isWritableByAll };
  return { text, keys: parseKeys(text), isWritableByAll };
}

async function contentOf(path: string): Promise<{ text: string; mode: number }> {
  try {
    const file = await open(path, READING);
    try {
      const stats = await file.stat();
      const { mode, size } = stats;
      if (!stats.isFile()) throw new KeyFileError('is no file');
      if (size > MOST_BYTES) throw new KeyFileError(`has more than ${MOST_BYTES} bytes`);
      return { text: await file.readFile('utf8'), mode };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof KeyFileError) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new KeyFileError(`cannot be read (${code})`);
  }
}
