import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { readKeyFile } from '../../../src/adapters/keys/read-key-file.js';
import { watchKeys } from '../../../src/adapters/keys/watch-keys.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import type { Clock } from '../../../src/ports/clock.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { eventually } from '../../support/eventually.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let folder: string;
let path: string;
let ending: AbortController;
let logger: ReturnType<typeof createCollectingLogger>;
let waits: number[];

const LOOK_EVERY_MS = 1_000;
let ahead: number;

/** The file is looked at again and again without a pause. */
const impatient: Clock = {
  ...systemClock,
  monotonic: () => systemClock.monotonic() + ahead,
  sleep: (ms, signal) => {
    if (ms !== LOOK_EVERY_MS) return systemClock.sleep(hangs ? 2 : ms, signal);
    waits.push(ms);
    return systemClock.sleep(2, signal);
  },
};
let hangs: boolean;

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'keys.json');
  ending = new AbortController();
  logger = createCollectingLogger();
  waits = [];
  ahead = 0;
  hangs = false;
});

afterEach(() => {
  ending.abort();
});

const content = (...names: string[]): string =>
  JSON.stringify({
    keys: names.map((name, nth) => ({
      name,
      hash: `sha256:${String(nth).repeat(64)}`,
      scopes: ['read'],
      expires_at: null,
    })),
  });

let staleSeconds: () => number;

async function watch(): Promise<() => string> {
  const keys = watchKeys(path, await readKeyFile(path), { clock: impatient, logger }, ending.signal);
  ({ staleSeconds } = keys);
  return () =>
    keys
      .current()
      .map(({ name }) => name)
      .join();
}

/** Until each of the next looks has been told. */
async function looks(): Promise<void> {
  const seen = waits.length;
  await eventually('more looks', () => waits.length > seen + 5);
}

const told = (level: string): string[] =>
  logger.lines.filter((line) => line.level === level).map(({ message }) => message);

it('keys that are written, replaced by a rename, or linked to elsewhere are in force soon', async () => {
  writeFileSync(path, content('first'));
  const current = await watch();
  expect(current()).toBe('first');
  writeFileSync(path, content('other'));
  await eventually('written', () => current() === 'other');
  writeFileSync(`${path}.new`, content('third'));
  renameSync(`${path}.new`, path);
  await eventually('renamed', () => current() === 'third');
  for (const version of ['1', '2']) {
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, 'keys.json'), content(`link-${version}`));
    symlinkSync(version, join(folder, '..data.new'));
    renameSync(join(folder, '..data.new'), join(folder, '..data'));
    if (version === '1') {
      rmSync(path);
      symlinkSync('..data/keys.json', path);
    }
    await eventually('linked', () => current() === `link-${version}`);
  }
  expect(new Set(waits)).toEqual(new Set([LOOK_EVERY_MS]));
});

it('a file that cannot be used leaves the earlier keys in force, with an ERROR for each reason and 10 minutes', async () => {
  writeFileSync(path, content('first'));
  const current = await watch();
  await looks();
  expect(staleSeconds()).toBe(0);
  rmSync(path);
  await eventually('the ERROR', () => told('error').length > 0);
  await looks();
  expect(told('error')).toEqual(['API keys cannot be read; the earlier ones stay in force']);
  ahead += 599_000;
  await looks();
  expect(told('error')).toHaveLength(1);
  expect(staleSeconds()).toBeGreaterThan(599);
  ahead += 1_000;
  await eventually('the next ERROR', () => told('error').length === 2);
  writeFileSync(path, '{"keys":[{"name":"secret"}]}');
  await eventually('the ERROR of the other reason', () => told('error').length > 2);
  expect(JSON.stringify(logger.lines)).toMatch(/ENOENT.*ENOENT.*keys\[0\]\.hash/);
  expect(JSON.stringify(logger.lines)).not.toMatch(/secret|keys\.json/);
  expect(current()).toBe('first');
  writeFileSync(path, content('second'));
  await eventually('the new ones', () => current() === 'second');
  expect(told('info')).toEqual(['API keys can be read again']);
  expect(staleSeconds()).toBe(0);
});

it('a file system that hangs is an ERROR as well', async () => {
  writeFileSync(path, content('first'));
  const current = await watch();
  await looks();
  const { open } = await import('node:fs/promises');
  const file = await open(path);
  // Reads of all files, which have this prototype.
  const handles = Object.getPrototypeOf(file) as typeof file;
  await file.close();
  const read = jest.spyOn(handles, 'readFile').mockImplementation(() => new Promise(() => undefined));
  hangs = true;
  await eventually('the ERROR', () => told('error').length > 0);
  await looks();
  expect(JSON.stringify(logger.lines)).toContain('cannot be read within 2000 ms');
  expect(read).toHaveBeenCalledTimes(1);
  expect(current()).toBe('first');
  read.mockRestore();
});

it('nothing is looked at any more when it has ended', async () => {
  writeFileSync(path, content('first'));
  const current = await watch();
  await eventually('a look', () => waits.length > 1);
  ending.abort();
  // A look may have been under way.
  await systemClock.sleep(20);
  writeFileSync(path, content('second'));
  const seen = waits.length;
  await systemClock.sleep(20);
  expect(waits.length).toBe(seen);
  expect(current()).toBe('first');
});

it('a file to which everybody may write is told whenever it becomes one', async () => {
  const warning = 'everybody on this machine may write to the file of API keys: chmod o-w';
  writeFileSync(path, content('first'));
  chmodSync(path, 0o666);
  await watch();
  await looks();
  expect(told('warn')).toEqual([warning]);
  chmodSync(path, 0o644);
  await looks();
  chmodSync(path, 0o646);
  await eventually('the second one', () => told('warn').length === 2);
  await looks();
  expect(told('warn')).toEqual([warning, warning]);
});

it.each<[string, string, () => void]>([
  ['none', 'cannot be read (ENOENT)', () => undefined],
  ['a folder', 'is no file', () => mkdirSync(path)],
  ['a pipe', 'is no file', () => execFileSync('mkfifo', [path])],
  ['a huge one', 'has more than 524288 bytes', () => writeFileSync(path, ' '.repeat(600_000))],
  ['no JSON', 'is not valid JSON', () => writeFileSync(path, 'keys')],
])('%s is refused, without its path', async (_, reason, make) => {
  make();
  const error: unknown = await readKeyFile(path).catch((thrown: unknown) => thrown);
  expect((error as Error).message).toBe(reason);
});
