import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { EventLog } from '../../../src/ports/event-log.js';
import { filesOf, readExported, readManifest, writeExport } from '../../../src/replay/export-folder.js';
import { exportLog } from '../../../src/replay/export-log.js';
import type { Manifest } from '../../../src/replay/manifest.js';
import { faultOfExported } from '../../../src/replay/prove-manifest.js';
import type { Selection } from '../../../src/replay/selection.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { tellLog } from './told-log.js';

const ALL: Selection = { job: null, people: true, from: null, to: null };
const { signal } = new AbortController();

/** Two jobs with similar names, a reminder of each, and streams of the lease in between. */
async function someLog(): Promise<EventLog> {
  const { log, tell, append } = tellLog();
  for (const cronId of ['cron-1', 'cron-10']) {
    await tell(cronId, '2026-03-26T10:00:00Z', {
      type: 'ScheduleCronJob',
      config: { name: `of ${cronId}`, cron_expression: '0 2 * * *' },
    });
    await append('lease-leader', [{ type: 'LeaseAcquired', data: {} }]);
    await append(`certificationReminder-${cronId}`, [
      { type: 'ReminderRequested', data: { cron_id: cronId, mentor_id: 'm' } },
    ]);
  }
  return log;
}

async function linesOf(log: EventLog, selection: Partial<Selection> = {}) {
  let text = '';
  const manifest = await exportLog(log, {
    selection: { ...ALL, ...selection },
    tool: '0.1.0',
    write: (lines) => Promise.resolve(void (text += lines)),
    onProgress: () => undefined,
    signal,
  });
  const events = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  return { text, manifest, places: events.map(({ stream, version }) => `${stream}@${version}`) };
}

it('an export holds what is asked for: a job, without people, after a position, up to one', async () => {
  const log = await someLog();
  const all = await linesOf(log);
  const places = ['cronJob-cron-1@1', 'certificationReminder-cron-1@1'];
  const others = ['cronJob-cron-10@1', 'certificationReminder-cron-10@1'];
  expect(all.places).toEqual([...places, ...others]);
  expect(all.manifest).toMatchObject({
    format_version: 1,
    asked: ALL,
    events: {
      count: 4,
      of_jobs: 2,
      of_reminders: 2,
      by_type: { CronJobScheduled: 2, ReminderRequested: 2 },
    },
    log_head: '0000000000000000006',
    milestones: [{ count: 4, stream: 'certificationReminder-cron-10', hash: all.manifest?.hash }],
  });
  expect((await linesOf(log)).text).toBe(all.text);
  expect((await linesOf(log, { job: 'cron-1' })).places).toEqual(places);
  expect((await linesOf(log, { job: 'cron-10', people: false })).places).toEqual(others.slice(0, 1));
  expect((await linesOf(log, { people: false })).places).toEqual([places[0], others[0]]);
  const [first, last] = [all.manifest?.first?.position ?? null, '0000000000000000004'];
  expect((await linesOf(log, { from: first })).places).toEqual([places[1], ...others]);
  expect((await linesOf(log, { to: last })).places).toEqual([...places, others[0]]);
  expect((await linesOf(log, { from: '2000-01-01T00:00:00.000Z' })).places).toHaveLength(4);
  expect((await linesOf(log, { to: '2000-01-01T00:00:00.000Z' })).manifest).toMatchObject({
    events: { count: 0 },
    first: null,
    milestones: [],
  });
  await log.close();
});

it('a folder gets both files whole, for its owner only, and is not overwritten unasked', async () => {
  const log = await someLog();
  const folder = join(temporaryFolder(), 'new', 'export');
  const produce = (write: (lines: string) => Promise<void>): Promise<Manifest> =>
    exportLog(log, {
      selection: ALL,
      tool: '0.1.0',
      write,
      onProgress: () => undefined,
      signal,
    }) as Promise<Manifest>;
  const made = await writeExport(folder, { mark: 'a', force: false }, produce);
  const [events, manifest] = ['events.jsonl', 'manifest.json'].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  expect(readdirSync(folder).sort()).toEqual(['events.jsonl', 'manifest.json']);
  expect([folder, events, manifest].map((path) => statSync(path).mode & 0o777)).toEqual([
    0o700, 0o600, 0o600,
  ]);
  expect(await readManifest(manifest)).toEqual(made);
  expect(await faultOfExported(made, readExported(events))).toBeUndefined();

  for (const path of [folder, manifest]) expect(filesOf(path)).toEqual({ events, manifest });
  expect(filesOf('gone/manifest.json').manifest).toBe('gone/manifest.json');

  const before = readFileSync(events);
  const again = writeExport(folder, { mark: 'b', force: false }, produce);
  await expect(again).rejects.toThrow('there is an export already; --force replaces it');
  const failing = writeExport(folder, { mark: 'c', force: true }, async (write) => {
    await write('half\n');
    throw new Error('the log has gone');
  });
  await expect(failing).rejects.toThrow('the log has gone');
  expect(readdirSync(folder).sort()).toEqual(['events.jsonl', 'manifest.json']);
  await writeExport(folder, { mark: 'd', force: true }, produce);
  expect(readFileSync(events)).toEqual(before);

  const inFile = writeExport(join(events, 'more', 'levels'), { mark: 'e', force: false }, produce);
  await expect(inFile).rejects.toThrow(`${events} is a file: an export needs a folder`);
  const nowhere = writeExport('/proc/no/such/folder', { mark: 'f', force: false }, produce);
  await expect(nowhere).rejects.toThrow('/proc/no/such/folder: the folder cannot be made: ENOENT');

  writeFileSync(manifest, '{"format_version":2}');
  await expect(readManifest(manifest)).rejects.toThrow('is no manifest of an export');
  await log.close();
});
