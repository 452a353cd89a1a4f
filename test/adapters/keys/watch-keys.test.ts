import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
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

/** The file is looked at again and again without a pause. */
const impatient: Clock = {
  ...systemClock,
  sleep: (ms, signal) => {
    waits.push(ms);
    return systemClock.sleep(2, signal);
  },
};

beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'keys.json');
  ending = new AbortController();
  logger = createCollectingLogger();
  waits = [];
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

async function watch(): Promise<() => string> {
  const keys = watchKeys(path, await readKeyFile(path), { clock: impatient, logger }, ending.signal);
  return () =>
    keys()
      .map(({ name }) => name)
      .join();
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
  expect(new Set(waits)).toEqual(new Set([1_000]));
});

it('a file that cannot be used leaves the earlier keys in force, with one ERROR and a line when it is over', async () => {
  writeFileSync(path, content('first'));
  const current = await watch();
  rmSync(path);
  await eventually('the ERROR', () => told('error').length > 0);
  writeFileSync(path, '{"keys":[{"name":"secret"}]}');
  const seen = waits.length;
  await eventually('more looks', () => waits.length > seen + 5);
  expect(told('error')).toEqual(['API keys cannot be read; the earlier ones stay in force']);
  expect(JSON.stringify(logger.lines)).not.toMatch(/secret|keys\.json/);
  expect(current()).toBe('first');
  writeFileSync(path, content('second'));
  await eventually('the new ones', () => current() === 'second');
  expect(told('info')).toEqual(['API keys can be read again']);
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

it('a file to which everybody may write is told once', async () => {
  writeFileSync(path, content('first'));
  chmodSync(path, 0o666);
  await watch();
  expect(told('warn')).toEqual(['everybody on this machine may write to the file of API keys: chmod o-w']);
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
