import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { BASE_PATH } from '../../src/http/api.js';
import { eventually } from '../support/eventually.js';
import { certificationOf } from '../support/sample-documents.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let child: ChildProcess | undefined;
let ended: Promise<number | null>;
afterEach(async () => {
  child?.kill('SIGKILL');
  await ended;
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** @returns what asks the service */
async function start(stdio: StdioOptions): Promise<Ask> {
  const port = await freePort();
  const folder = temporaryFolder();
  const path = join(folder, 'registry.db');
  const registry = openSqliteRegistry({ clock: systemClock, ids: systemIds, path });
  const unreadable = Array.from({ length: 3_000 }, (_, nth) =>
    certificationOf({ certification_id: `c${nth}`, mentor_id: `m${nth}`, expires_at: 'some day' }),
  );
  await registry.upsert(unreadable, 'test');
  await registry.close();
  const env = { PATH: process.env.PATH, PORT: String(port), DATA_DIR: folder };
  const started = spawn(process.execPath, ['dist/main.js'], { env, stdio });
  child = started;
  ended = new Promise((resolve) => started.once('exit', resolve));
  const ask: Ask = (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init);
  await eventually('it is ready', async () => {
    const answer = await ask('/readyz').catch(() => undefined);
    return answer?.status === 200;
  });
  return ask;
}

/** A run with a line for each of 3,000 records that cannot be read: ten times what a pipe holds. */
async function performRun(ask: Ask): Promise<void> {
  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await ask(BASE_PATH + path, { method: 'POST', body: JSON.stringify(body), headers });
    return (await answer.json()) as Record<string, string>;
  };
  const { id } = await post('', { name: 'nightly', cron_expression: '0 2 * * *', enabled: false });
  await post(`/${id}/execute`, { dry_run: true });
  await eventually('the run is completed', async () => {
    const { data } = (await (await ask(`${BASE_PATH}/${id}/runs`)).json()) as {
      data: { result: object | null }[];
    };
    return data[0]?.result;
  });
}

async function expectSound(ask: Ask): Promise<void> {
  await performRun(ask);
  const { term, leading } = (await (await ask(`${BASE_PATH}/leader`)).json()) as Record<string, unknown>;
  expect({ term, leading }).toEqual({ term: 1, leading: true });
  child?.kill('SIGTERM');
  expect(await ended).toBe(0);
}

describe('the service goes on, keeps its lease and stops', () => {
  it('while its log goes to a disk that is full', async () => {
    await expectSound(await start(['ignore', openSync('/dev/full', 'w'), 'ignore']));
  });

  it('while nobody reads its log', async () => {
    await expectSound(await start(['ignore', 'pipe', 'pipe']));
  });

  it('when the reader of its log is gone', async () => {
    const starting = start(['ignore', 'pipe', 'pipe']);
    await eventually('the process has begun', () => child?.stdout?.readable);
    child?.stdout?.destroy();
    child?.stderr?.destroy();
    await expectSound(await starting);
  });
});
