import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { PageFile, PageFiles } from '../http/page-file.js';

const compress = promisify(gzip);

export interface PageSource {
  type: PageFile['type'];
  read: () => Buffer | Promise<Buffer>;
}

/**
 * The files of a page, each read and compressed when somebody asks for it, once for all who ask: a start does not wait
 * for them, and a service without them does everything else. `get` rejects where one is missing, and reads again for the
 * next one who asks.
 * @param sources by their paths; nothing else is shown to anybody
 */
export function createPageFiles(sources: ReadonlyMap<string, PageSource>): PageFiles {
  const kept = new Map<string, Promise<PageFile>>();
  return {
    get(path) {
      const source = sources.get(path);
      if (source === undefined) return undefined;
      const before = kept.get(path);
      if (before !== undefined) return before;
      const file = load(source);
      kept.set(path, file);
      file.catch(() => kept.delete(path));
      return file;
    },
  };
}

async function load({ type, read }: PageSource): Promise<PageFile> {
  const bytes = await read();
  const hash = createHash('sha256').update(bytes).digest('base64url');
  return {
    type,
    plain: { bytes, etag: `"${hash}"` },
    // Other bytes, so another tag (RFC 9110, section 8.8.3.3).
    gzip: { bytes: await compress(bytes), etag: `"${hash}-gzip"` },
  };
}
