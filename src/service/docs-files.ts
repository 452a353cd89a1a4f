import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DOCS_PAGE, DOCS_SCRIPT } from '../http/docs-page.js';
import type { PageFiles } from '../http/page-file.js';
import { createPageFiles, type PageSource } from './page-files.js';

const LIBRARY = 'swagger-ui-dist';

/** @param find the folder of the library; throws where it is not installed */
export function createDocsFiles(find: () => string = findLibrary): PageFiles {
  const ofLibrary =
    (name: string): PageSource['read'] =>
    async () => {
      try {
        return await readFile(join(find(), name));
      } catch (cause) {
        throw new Error(`the package ${LIBRARY} is not installed as a whole: npm ci installs it`, { cause });
      }
    };
  return createPageFiles(
    new Map<string, PageSource>([
      ['docs', { type: 'html', read: () => Buffer.from(DOCS_PAGE) }],
      ['docs/page.js', { type: 'js', read: () => Buffer.from(DOCS_SCRIPT) }],
      ['docs/swagger-ui.css', { type: 'css', read: ofLibrary('swagger-ui.css') }],
      ['docs/swagger-ui-bundle.js', { type: 'js', read: ofLibrary('swagger-ui-bundle.js') }],
    ]),
  );
}

function findLibrary(): string {
  return dirname(createRequire(import.meta.url).resolve(`${LIBRARY}/package.json`));
}
