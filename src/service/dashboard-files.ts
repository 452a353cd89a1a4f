import { readFile } from 'node:fs/promises';
import type { PageFiles } from '../http/page-file.js';
import { createPageFiles, type PageSource } from './page-files.js';

/** Made by dashboard/build.mjs; the sources, when they run as they are, also take it from there. */
const BUILT = new URL('../../dist/dashboard/', import.meta.url);

/** @param folder where the built dashboard lies */
export function createDashboardFiles(folder: URL = BUILT): PageFiles {
  const built =
    (name: string): PageSource['read'] =>
    async () => {
      try {
        return await readFile(new URL(name, folder));
      } catch (cause) {
        throw new Error(`the dashboard is not built: npm run build makes ${name}`, { cause });
      }
    };
  return createPageFiles(
    new Map<string, PageSource>([
      ['', { type: 'html', read: built('index.html') }],
      ['dashboard/dashboard.js', { type: 'js', read: built('dashboard.js') }],
      ['dashboard/dashboard.css', { type: 'css', read: built('dashboard.css') }],
    ]),
  );
}
