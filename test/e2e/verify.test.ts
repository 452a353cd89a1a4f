import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
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
