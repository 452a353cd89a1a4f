import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { timed } from './progress.js';

const HALF_MADE = '.making-';
const ABANDONED_AFTER_MS = 3_600_000;

/**
 * A folder outside of the tree that is made once and then kept. It appears whole or not at all: it is made
 * beside its place and renamed.
 * @param made its name and version, and the files that say what is in it: it is made again when they change
 */
export async function cachedFolder(
  made: { name: string; from: readonly string[] },
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  for (const file of made.from) hash.update(readFileSync(file));
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'certification-cron');
  const folder = join(cache, `${made.name}-${hash.digest('hex').slice(0, 8)}`);
  if (existsSync(folder)) return folder;
  removeAbandoned(folder);
  mkdirSync(cache, { recursive: true });
  const halfMade = mkdtempSync(folder + HALF_MADE);
  try {
    await timed(`fetching ${made.name} to ${folder}`, () => make(halfMade));
    moveTo(folder, halfMade);
  } finally {
    rmSync(halfMade, { recursive: true, force: true });
  }
  return folder;
}

function moveTo(folder: string, halfMade: string): void {
  try {
    renameSync(halfMade, folder);
  } catch (error) {
    // Another run has made the same.
    if (!existsSync(folder)) throw error;
  }
}

/** What a killed run has left. */
function removeAbandoned(folder: string): void {
  const cache = dirname(folder);
  if (!existsSync(cache)) return;
  for (const name of readdirSync(cache)) {
    if (!name.startsWith(basename(folder) + HALF_MADE)) continue;
    const path = join(cache, name);
    if (Date.now() - statSync(path).mtimeMs > ABANDONED_AFTER_MS)
      rmSync(path, { recursive: true, force: true });
  }
}
