import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { DOCS_PAGE, DOCS_SCRIPT } from '../http/docs-page.js';
import type { DocsFile, DocsRoutesDependencies } from '../http/docs-routes.js';

const LIBRARY = 'swagger-ui-dist';
const compress = promisify(gzip);
/** The folder of the library; throws where it is not installed. */
type FindLibrary = () => string;

interface Source {
  type: DocsFile['type'];
  read: (find: FindLibrary) => Buffer | Promise<Buffer>;
}

/** Nothing else of the library is shown to anybody. */
const SOURCES: ReadonlyMap<string, Source> = new Map([
  ['docs', { type: 'html', read: () => Buffer.from(DOCS_PAGE) }],
  ['docs/page.js', { type: 'js', read: () => Buffer.from(DOCS_SCRIPT) }],
  ['docs/swagger-ui.css', { type: 'css', read: ofLibrary('swagger-ui.css') }],
  ['docs/swagger-ui-bundle.js', { type: 'js', read: ofLibrary('swagger-ui-bundle.js') }],
]);

/**
 * The files of the page, each read and compressed when somebody asks for it, once for all who ask: a start does not wait
 * for them, and a service without the library does everything else. `get` rejects where it is missing, and reads again
 * for the next one who asks.
 */
export function createDocsFiles(find: FindLibrary = findLibrary): DocsRoutesDependencies['docsFiles'] {
  const kept = new Map<string, Promise<DocsFile>>();
  return {
    get(path) {
      const source = SOURCES.get(path);
      if (source === undefined) return undefined;
      const before = kept.get(path);
      if (before !== undefined) return before;
      const file = load(source, find);
      kept.set(path, file);
      file.catch(() => kept.delete(path));
      return file;
    },
  };
}

async function load({ type, read }: Source, find: FindLibrary): Promise<DocsFile> {
  const bytes = await read(find);
  const hash = createHash('sha256').update(bytes).digest('base64url');
  return {
    type,
    plain: { bytes, etag: `"${hash}"` },
    // Other bytes, so another tag (RFC 9110, section 8.8.3.3).
    gzip: { bytes: await compress(bytes), etag: `"${hash}-gzip"` },
  };
}

function ofLibrary(name: string): Source['read'] {
  return async (find) => {
    try {
      return await readFile(join(find(), name));
    } catch (cause) {
      throw new Error(`the package ${LIBRARY} is not installed as a whole: npm ci installs it`, { cause });
    }
  };
}

function findLibrary(): string {
  return dirname(createRequire(import.meta.url).resolve(`${LIBRARY}/package.json`));
}
