import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runToEnd } from './run-to-end.js';
import { startService, type ServiceProcess } from './service-process.js';

const DAY_SECONDS = 86_400;
const running: ServiceProcess[] = [];

async function start(env: Record<string, string>): Promise<ServiceProcess> {
  const service = await startService(env);
  running.push(service);
  return service;
}

/** A preload that puts the wall clock of a process a day ahead. */
function aDayAhead(): string {
  const file = join(temporaryFolder(), 'ahead.mjs');
  writeFileSync(file, `const now = Date.now; Date.now = () => now() + ${DAY_SECONDS * 1000};\n`);
  return `--import=${pathToFileURL(file).href}`;
}

afterEach(async () => {
  for (const service of running.splice(0)) await service.end('SIGTERM');
});

it('clock shows a process whose clock is a day ahead, and that it goes by the time of the other', async () => {
  const folder = temporaryFolder();
  await start({ DATA_DIR: folder });
  await start({ DATA_DIR: folder, NODE_OPTIONS: aDayAhead() });
  const shown = runToEnd('dist/cli/cli.js', { DATA_DIR: folder }, ['clock']);
  expect(shown.stdout).toMatch(
    /: shows the same time as this machine, goes by the same time as this machine\n/,
  );
  expect(shown.stdout).toContain(
    `: shows a time ${DAY_SECONDS} s ahead of this machine, goes by the same time as this machine\n`,
  );
  expect(shown.stdout).toContain('2 instances\n');
  expect(shown.status).toBe(0);
});

it('clock --trust corrects a process that was started alone with a wrong clock', async () => {
  const folder = temporaryFolder();
  const service = await start({ DATA_DIR: folder, NODE_OPTIONS: aDayAhead() });
  const wrong = runToEnd('dist/cli/cli.js', { DATA_DIR: folder }, ['clock']);
  expect([wrong.status, wrong.stdout]).toEqual([
    1,
    expect.stringContaining(`goes by a time ${DAY_SECONDS} s ahead of this machine\n`),
  ]);
  const reason = 'the battery of that machine is empty';
  const trusted = runToEnd('dist/cli/cli.js', { DATA_DIR: folder }, ['clock', '--trust', reason]);
  expect([trusted.status, trusted.stdout]).toEqual([
    0,
    expect.stringContaining('goes by the same time as this machine\n'),
  ]);
  await eventually('the reason in its log', () => service.output.some((line) => line.includes(reason)));
});

it('clock ends with 2 where there is no log', () => {
  expect(runToEnd('dist/cli/cli.js', {}, ['clock'])).toMatchObject({ status: 2 });
});
