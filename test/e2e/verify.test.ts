import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Database } from '../../src/adapters/sqlite/driver.js';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { toRow, type EventRow } from '../../src/adapters/sqlite/event-row.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { tzdataVersion } from '../../src/adapters/system/tzdata-version.js';
import { given } from '../support/given.js';
import { runToEnd } from './run-to-end.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A folder with the log of a job that came due on two nights; one of the runs is not in it when `lost` says so. */
async function folderWithLog({ lost }: { lost: boolean }): Promise<string> {
  const folder = temporaryFolder();
  const log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: join(folder, 'log.db') });
  const events = given()
    .after('2026-03-26T10:00:00.000Z', {
      type: 'ScheduleCronJob',
      config: { name: 'nightly', cron_expression: '0 2 * * *', concurrency_policy: 'allow' },
    })
    .after('2026-03-27T02:00:00.000Z', { type: 'Tick' })
    .after('2026-03-28T02:00:00.000Z', { type: 'Tick' })
    .after('2026-03-28T12:00:00.000Z', { type: 'UpdateCronJob', changes: { enabled: false }, reason: null })
    .events()
    .filter(({ data }) => !(lost && 'slot' in data && data.slot === '2026-03-27T02:00:00.000Z'));
  const metadata = {
    actor: 'test',
    correlation_id: 'test',
    causation_id: null,
    schema_version: 1,
    slot_engine_version: 1,
    tzdata_version: tzdataVersion,
  };
  const written = events.map((event) => ({ ...event, id: systemIds.uuid(), metadata }));
  await log.append([{ stream: 'cronJob-cron-001', expectedVersion: 0, events: written }]);
  await log.close();
  return folder;
}

it('verify ends with 0 when all is proved', async () => {
  const ended = runToEnd('dist/cli/cli.js', { DATA_DIR: await folderWithLog({ lost: false }) }, ['verify']);
  expect(ended.status).toBe(0);
  expect(ended.stdout).toMatch(/^events 6, jobs 1, slots started 2, slots skipped 0, reminders 0/);
  expect(ended.stdout).toContain('gaps 0, doubles 0, other broken promises 0');
  expect(ended.stdout).toMatch(
    /\nhead: 6:0{18}6:[0-9a-f]{64}\nproved: .* not proved without --against: .*\n$/,
  );
});

it('verify finds only by an earlier head that the newest events are gone', async () => {
  const DATA_DIR = await folderWithLog({ lost: false });
  const verify = (...args: string[]) => runToEnd('dist/cli/cli.js', { DATA_DIR }, ['verify', ...args]);
  const head = /^head: .*$/m.exec(verify().stdout)?.[0] ?? 'none';
  const whole = verify('--against', head);
  expect([whole.status, whole.stdout]).toEqual([0, expect.stringContaining('the log holds all 6 events of')]);

  const db = new Database(join(DATA_DIR, 'log.db'));
  db.exec('DELETE FROM events WHERE position > 4');
  db.close();
  expect(verify().status).toBe(0);
  const text = 'the log has lost its end: it holds 4 events, the head names 6';
  const lines = verify('--against', head);
  expect([lines.status, lines.stdout.split('\n')]).toEqual([
    1,
    expect.arrayContaining([`head      ${text}`]),
  ]);
  const json = verify('--against', head, '--json');
  expect([json.status, JSON.parse(json.stdout)]).toEqual([
    1,
    expect.objectContaining({
      proved: false,
      verdict: 'NOT proved: the log does not hold what the given head names',
      found: { gap: 0, double: 0, broken: 0, head: 1, explained: 0 },
      findings: [{ kind: 'head', stream: null, version: null, text }],
      findings_left_out: 0,
      head: expect.stringMatching(/^4:0{18}4:[0-9a-f]{64}$/),
      against: head.slice('head: '.length),
    }),
  ]);
});

it('history, export and verify against a manifest work on the log that a service has left', async () => {
  const DATA_DIR = await folderWithLog({ lost: false });
  const run = (...args: string[]) => runToEnd('dist/cli/cli.js', { DATA_DIR }, args);
  const history = run('history', 'cron-001', '--newest', '1');
  expect([history.status, history.stderr]).toEqual([0, '']);
  expect(history.stdout).toMatch(/^2026-03-28T12:00:00.000Z +6 +test +changed enabled from true to false\n$/);
  expect(run('history', 'cron-none')).toMatchObject({
    status: 2,
    stderr: 'there has never been a cron job cron-none\n',
  });
  const out = join(DATA_DIR, 'export');
  expect(run('export', '--out', out)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/: 6 events, 6 of jobs and 0 of reminders; the last at 0{18}6\nhash: /),
  });
  for (const path of [out, join(out, 'manifest.json')]) {
    expect(run('verify-export', path)).toMatchObject({ status: 0 });
    expect(run('verify', '--against', path)).toMatchObject({ status: 0 });
  }
  for (const [args, stderr] of [
    [['export', '--out', '-', '--job', 'cron-none'], 'there has never been a cron job cron-none\n'],
    [['decide', '--job', 'cron-none'], 'there has never been a cron job cron-none\n'],
    [
      ['export', '--out', '-', '--from', '2026-03-09', '--to', '2026-03-08'],
      '--from must not be later than --to\n',
    ],
    [['export', '--out', ''], expect.stringMatching(/^--out must name a folder, or be - for/)],
  ] as const)
    expect(run(...args)).toMatchObject({ status: 2, stdout: '', stderr });
  const db = new Database(join(DATA_DIR, 'log.db'));
  db.exec('DELETE FROM events WHERE position > 4');
  db.close();
  const verified = run('verify', '--against', join(out, 'manifest.json'));
  expect([verified.status, verified.stdout]).toEqual([
    1,
    expect.stringContaining('the log has lost its end: it holds 4 events of the 6 exported;'),
  ]);
});

it('what cannot be written on standard output is said, with exit code 2', async () => {
  const DATA_DIR = await folderWithLog({ lost: false });
  const full = openSync('/dev/full', 'w');
  for (const args of [['verify'], ['export', '--out', '-'], ['history', 'cron-001'], ['decide']]) {
    const ended = spawnSync(process.execPath, ['dist/cli/cli.js', ...args], {
      env: { ...process.env, DATA_DIR },
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    expect([ended.status, ended.stderr]).toEqual([
      2,
      expect.stringMatching(/^standard output cannot be written: ENOSPC/),
    ]);
  }
  closeSync(full);
});

it('verify ends with 2 and names the place where a hand has written what is no event', async () => {
  const DATA_DIR = await folderWithLog({ lost: false });
  const db = new Database(join(DATA_DIR, 'log.db'));
  const row = db.prepare('SELECT * FROM events WHERE position = 5').get() as EventRow;
  const { checksum } = toRow({ ...row, metadata: 'null' }, row);
  db.prepare("UPDATE events SET metadata = 'null', checksum = ? WHERE position = 5").run(checksum);
  db.close();
  const ended = runToEnd('dist/cli/cli.js', { DATA_DIR }, ['verify']);
  expect([ended.status, ended.stderr]).toEqual([
    2,
    expect.stringContaining('log.db: the event at position 5 (cronJob-cron-001, version 5) is damaged: '),
  ]);
});

it('verify ends with 2 when it is given what is no head', async () => {
  const DATA_DIR = await folderWithLog({ lost: false });
  const ended = runToEnd('dist/cli/cli.js', { DATA_DIR }, ['verify', '--against', '6:abc']);
  expect(ended).toMatchObject({ status: 2, stdout: '' });
  expect(ended.stderr).toContain('Allowed is a head as verify prints it');
});

it('verify ends with 1 and names the gap', async () => {
  const ended = runToEnd('dist/cli/cli.js', { DATA_DIR: await folderWithLog({ lost: true }) }, ['verify']);
  expect(ended.status).toBe(1);
  expect(ended.stdout).toContain(
    'gap       cron-001 version 3: nothing settles (2026-03-26T10:00:00.000Z, 2026-03-27T02:00:00.000Z]',
  );
});

it('verify ends with 2 where there is no log, and makes none', () => {
  const folder = temporaryFolder();
  for (const attempt of [1, 2]) {
    const ended = runToEnd('dist/cli/cli.js', { DATA_DIR: folder }, ['verify']);
    expect([attempt, ended.status]).toEqual([attempt, 2]);
    expect(ended.stderr).toContain('there is no event log here');
  }
});

it('forecast and explain answer from the stores, though no service runs', async () => {
  const DATA_DIR = await folderWithLog({ lost: false });
  const path = join(DATA_DIR, 'registry.db');
  const registry = openSqliteRegistry({ clock: systemClock, ids: systemIds, path });
  const record = { mentor_id: 'm', expires_at: '2026-12-31', type: null, renewable_from: null };
  await registry.upsert([{ certification_id: 'c', ...record, labels: ['a'], status: 'active' }], 'test');
  await registry.close();
  const run = (...args: string[]) => runToEnd('dist/cli/cli.js', { DATA_DIR }, args);

  const table = run('forecast', 'cron-001', '--on', '2026-12-24');
  expect([table.status, table.stderr]).toEqual([0, '']);
  expect(table.stdout.split('\n')).toEqual([
    'cron-001 "nightly", a run on 2026-12-24 (UTC)',
    '',
    'mentor  certification  type  expires     days left  threshold',
    'm       c              -     2026-12-31          7          7',
    'reminders 1; records 1 of 1 mentors, unreadable 0',
    '',
  ]);
  const explained = run('explain', 'c', '--json');
  expect([explained.status, JSON.parse(explained.stdout)]).toMatchObject([
    0,
    { certification_id: 'c', labels: ['a'], reminders: [], jobs: [{ cron_id: 'cron-001', name: 'nightly' }] },
  ]);
  expect(run('forecast', 'cron-none')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: 'there is no cron job cron-none\n',
  });
});

it('rebuild says why it cannot be done, and ends with 2', async () => {
  const ended = runToEnd('dist/cli/cli.js', { DATA_DIR: await folderWithLog({ lost: false }) }, ['rebuild']);
  expect([ended.status, ended.stdout]).toEqual([2, '']);
  expect(ended.stderr).toMatch(/there are none yet\): start the service, which makes them anew by itself\n$/);
});
