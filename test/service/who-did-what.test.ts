import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { hashOf, keyText } from '../../src/access/api-keys.js';
import { printHistory } from '../../src/cli/history-command.js';
import type { Output } from '../../src/cli/output.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const KEYS = { alice: keyText(Buffer.alloc(32, 1)), bob: keyText(Buffer.alloc(32, 2)) };
const folder = temporaryFolder();
let service: RunningApp;
let job = '';

async function ask(who: keyof typeof KEYS, method: string, path: string, body?: unknown) {
  const response = await fetch(service.api + path, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${KEYS[who]}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(response.status).toBeLessThan(300);
  return (await response.json()) as Record<string, any>;
}

/** Two people create a job, change it five times, run, disable, revert, delete and restore it. */
beforeAll(async () => {
  const keysFile = join(folder, 'keys.json');
  const keys = Object.entries(KEYS).map(([name, key]) => ({
    name,
    hash: `sha256:${hashOf(key).toString('hex')}`,
    scopes: ['admin'],
    expires_at: null,
  }));
  writeFileSync(keysFile, JSON.stringify({ keys }), { mode: 0o600 });
  service = await startApp({ DATA_DIR: folder, LEASE_MS: '600000', API_KEYS_FILE: keysFile });
  job = String((await ask('alice', 'POST', '', { name: 'nightly', cron_expression: '0 2 29 2 *' })).id);
  await ask('bob', 'PUT', `/${job}`, { time_zone: 'Asia/Kolkata', reason: 'the office moves' });
  await ask('alice', 'PUT', `/${job}`, { cron_expression: '30 3 29 2 *' });
  await ask('bob', 'PUT', `/${job}`, { description: 'of the office' });
  await ask('alice', 'PUT', `/${job}`, { timeout_seconds: 60 });
  await ask('bob', 'PUT', `/${job}`, { reminder_thresholds: [7, 1], reason: 'fewer mails' });
  const { run_id } = await ask('alice', 'POST', `/${job}/execute`);
  while ((await ask('alice', 'GET', `/${job}/runs/${run_id}`)).status === 'running');
  await ask('bob', 'PUT', `/${job}`, { enabled: false, reason: 'it mails at night' });
  await ask('alice', 'POST', `/${job}/revert`, { version: 2, reason: 'bob was wrong' });
  await ask('bob', 'DELETE', `/${job}?reason=enough`);
  await ask('alice', 'POST', `/${job}/restore`, { reason: 'not enough' });
}, 30_000);

afterAll(() => service.app.stop());

const STORY = [
  ['CronJobScheduled', 'key:alice', null],
  ['CronJobUpdated', 'key:bob', 'the office moves'],
  ['CronJobUpdated', 'key:alice', null],
  ['CronJobUpdated', 'key:bob', null],
  ['CronJobUpdated', 'key:alice', null],
  ['CronJobUpdated', 'key:bob', 'fewer mails'],
  ['RunStarted', 'key:alice', null],
  ['RunCompleted', 'worker', null],
  ['CronJobUpdated', 'key:bob', 'it mails at night'],
  ['CronJobUpdated', 'key:alice', 'bob was wrong'],
  ['CronJobDeleted', 'key:bob', 'enough'],
  ['CronJobRestored', 'key:alice', 'not enough'],
];

it('one request tells who did what, when and why', async () => {
  const { data } = await ask('alice', 'GET', `/${job}/events?order=asc`);
  const entries = data as Record<string, any>[];
  expect(entries.map(({ type, actor, reason }) => [type, actor, reason])).toEqual(STORY);
  expect(entries.map(({ at }) => Date.parse(at))).toEqual(
    entries.map(({ recorded_at }) => expect.closeTo(Date.parse(recorded_at), -4)),
  );
  expect(entries[8]?.changes).toEqual([{ field: 'enabled', from: true, to: false }]);
  expect(entries[9]?.changes).toEqual([
    { field: 'cron_expression', from: '30 3 29 2 *', to: '0 2 29 2 *' },
    { field: 'enabled', from: false, to: true },
    { field: 'description', from: 'of the office', to: null },
    { field: 'timeout_seconds', from: 60, to: 3_600 },
    { field: 'reminder_thresholds', from: [7, 1], to: null },
  ]);
  expect(entries[9]?.data.reverted_to).toBe(2);
});

it('one command tells the same', async () => {
  const lines: string[] = [];
  const output: Output = {
    gone: new AbortController().signal,
    write: (text) => Promise.resolve(void lines.push(text)),
  };
  const options = { changes: false, ids: false, json: false };
  await printHistory(service.app.adapters.log, job, { options, output, onProgress: () => undefined });
  expect(lines).toHaveLength(STORY.length);
  for (const [index, [, actor, reason]] of STORY.entries()) {
    expect(lines[index]).toContain(` ${actor} `);
    if (reason !== null) expect(lines[index]).toContain(`(${reason})`);
  }
  expect(lines[9]).toMatch(/reverted to version 2: changed .*enabled from false to true/);
});

it('at each version and instant the job is what it was, by its events', async () => {
  const { data } = await ask('bob', 'GET', `/${job}/events?order=asc`);
  const config: Record<string, unknown> = {};
  for (const { version, at, changes } of data as Record<string, any>[]) {
    for (const { field, to } of (changes ?? []) as { field: string; to: unknown }[]) config[field] = to;
    const was = await ask('bob', 'GET', `/${job}?as_of=${version}`);
    expect(was).toMatchObject(config);
    const then = await ask('bob', 'GET', `/${job}?as_of=${at}`);
    expect(then.version).toBeGreaterThanOrEqual(version);
  }
});
