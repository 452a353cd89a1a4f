import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { manifestSchema, type Manifest } from './manifest.js';

/** What lies in the folder of an export. */
export const eventsIn = (folder: string): string => join(folder, 'events.jsonl');
export const manifestIn = (folder: string): string => join(folder, 'manifest.json');

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
 * @throws ExportError when there is an export and `force` does not say to replace it
 */
export async function writeExport(
  folder: string,
  { mark, force }: { mark: string; force: boolean },
  produce: (write: (lines: string) => Promise<void>) => Promise<Manifest>,
): Promise<Manifest> {
  const [events, manifest] = [eventsIn(folder), manifestIn(folder)];
  if (!force && [events, manifest].some((file) => existsSync(file)))
    throw new ExportError(`${folder}: there is an export already; --force replaces it`);
  await mkdir(folder, { recursive: true, mode: OWN_FOLDER });
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

/** The exported events that a manifest lies beside, if it does. */
export function eventsBeside(manifest: string): string | undefined {
  const path = eventsIn(dirname(manifest));
  return existsSync(path) ? path : undefined;
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
