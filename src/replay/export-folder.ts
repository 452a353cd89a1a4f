import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import * as z from 'zod';
import { manifestSchema, type Manifest } from './manifest.js';

/** What lies in the folder of an export. */
const MANIFEST = 'manifest.json';
const eventsIn = (folder: string): string => join(folder, 'events.jsonl');

/** It may name people: nobody else may read it. */
const [OWN_FILE, OWN_FOLDER] = [0o600, 0o700];

/** An export that is not made, or cannot be read; the message says why. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

/**
 * Writes both files under other names, and gives them their own when they are whole and on the disk, the manifest last: a
 * folder with a manifest has all of its events.
 * @param mark for the names of files that are not whole; another one each time
 * @param produce writes the lines, and returns their manifest
 * @throws ExportError when there is an export and `force` does not say to replace it, or no such folder can be made
 */
export async function writeExport(
  folder: string,
  { mark, force }: { mark: string; force: boolean },
  produce: (write: (lines: string) => Promise<void>) => Promise<Manifest>,
): Promise<Manifest> {
  const [events, manifest] = [eventsIn(folder), join(folder, MANIFEST)];
  if (!force && [events, manifest].some((file) => existsSync(file)))
    throw new ExportError(`${folder}: there is an export already; --force replaces it`);
  await makeFolder(folder);
  const partial = [events, manifest].map((file) => `${file}.${mark}.partial`) as [string, string];
  try {
    const made = await writeFile(partial[0], (file) =>
      produce(async (lines) => {
        await file.appendFile(lines);
      }),
    );
    await writeFile(partial[1], (file) => file.appendFile(manifestText(made)));
    await rm(manifest, { force: true });
    await rename(partial[0], events);
    await rename(partial[1], manifest);
    await syncFolder(folder);
    return made;
  } finally {
    for (const file of partial) await rm(file, { force: true });
  }
}

/** Level by level: where nothing can be made, as below /proc, Node 20 tries for ever to make all levels at once. */
async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  let existing = resolve(folder);
  for (; !existsSync(existing); existing = dirname(existing)) missing.unshift(existing);
  if (!statSync(existing).isDirectory())
    throw new ExportError(`${existing} is a file: an export needs a folder, one that is there or a new one`);
  try {
    for (const level of missing) await mkdir(level, { mode: OWN_FOLDER });
  } catch (error) {
    const why = (error as Error).message;
    throw new ExportError(`${folder}: the folder cannot be made: ${why}`, { cause: error });
  }
}

/** Writes a manifest by itself. @throws ExportError when the file is there and `force` does not say to replace it */
export async function writeManifest(
  path: string,
  made: Manifest,
  { mark, force }: { mark: string; force: boolean },
): Promise<void> {
  if (!force && existsSync(path)) throw new ExportError(`${path} exists already; --force replaces it`);
  const partial = `${path}.${mark}.partial`;
  try {
    await writeFile(partial, (file) => file.appendFile(manifestText(made)));
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}

/** @throws ExportError when there is none that this version can read */
export async function readManifest(path: string): Promise<Manifest> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new ExportError(`${path} is no manifest of an export: ${why}`, { cause: error });
  }
}

/** The lines of an exported file, without their ends. @throws ExportError when it cannot be read */
export async function* readExported(path: string): AsyncGenerator<string, void> {
  let rest = '';
  try {
    for await (const chunk of createReadStream(path, 'utf8')) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    throw new ExportError(`${path}: ${(error as Error).message}`, { cause: error });
  }
  if (rest !== '') yield rest;
}

/** Whether a path names anything. */
export function isThere(path: string): boolean {
  return existsSync(path);
}

/** The files of an export that is named by its folder, or by its manifest. */
export function filesOf(path: string): { manifest: string; events: string } {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? basename(path) !== MANIFEST;
  if (isFolder) return { manifest: join(path, MANIFEST), events: eventsIn(path) };
  return { manifest: path, events: eventsIn(dirname(path)) };
}

function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** Resolves when all is on the disk. */
async function writeFile<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'wx', OWN_FILE);
  try {
    const written = await write(file);
    await file.sync();
    return written;
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder);
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}
