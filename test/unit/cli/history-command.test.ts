import { expect, it } from '@jest/globals';
import { printHistory, type HistoryOptions } from '../../../src/cli/history-command.js';
import type { Output } from '../../../src/cli/output.js';
import { schemaVersionOf } from '../../../src/events/parse-event.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { runResult } from '../../support/sample-events.js';
import { tellLog } from '../replay/told-log.js';

const ALL = { changes: false, ids: false, json: false };
const RUN = 'run-10000000001';

async function printed(
  log: EventLog,
  options: Partial<HistoryOptions> = {},
  { cronId = 'cron-1', most = Infinity } = {},
): Promise<string[]> {
  const lines: string[] = [];
  const gone = new AbortController();
  const output: Output = {
    gone: gone.signal,
    write(text) {
      lines.push(text.replace(/\n$/, ''));
      if (lines.length >= most) gone.abort();
      return Promise.resolve();
    },
  };
  await printHistory(log, cronId, { options: { ...ALL, ...options }, output, onProgress: () => undefined });
  return lines;
}

/** A job that two have changed, that ran, was skipped, failed, and is deleted. */
async function someHistory(): Promise<EventLog> {
  const { log, tell } = tellLog();
  const by = { actor: 'key:ops', correlation_id: 'request-7' };
  await tell('cron-1', '2026-03-26T10:00:00Z', {
    type: 'ScheduleCronJob',
    config: { name: 'nightly', cron_expression: '0 2 * * *' },
  });
  await tell('cron-1', '2026-03-27T02:00:05Z', { type: 'Tick' });
  await tell(
    'cron-1',
    '2026-03-27T02:01:00Z',
    {
      type: 'CompleteRun',
      run_id: RUN,
      status: 'success',
      result: runResult({ mentors_checked: 124, reminders_sent: 3 }),
    },
    { actor: 'worker' },
  );
  await tell(
    'cron-1',
    '2026-03-27T09:00:00Z',
    {
      type: 'UpdateCronJob',
      changes: { time_zone: 'Asia/Kolkata', enabled: false },
      reason: 'the office moves',
    },
    by,
  );
  await tell('cron-1', '2026-03-29T08:30:00Z', { type: 'TriggerRun', dry_run: true }, by);
  await tell('cron-1', '2026-03-29T09:00:00Z', { type: 'DeleteCronJob', reason: 'gone\u001b[2J\u202e' }, by);
  return log;
}

const LINES = [
  '2026-03-26T10:00:00.000Z     1  anonymous     created "nightly": "0 2 * * *" in UTC',
  '2026-03-27T02:00:05.000Z     2  scheduler     run 1 started for the slot 2026-03-27T02:00:00.000Z, 5 s late',
  '2026-03-27T02:01:00.000Z     3  worker        run 1 completed: 124 mentors, 3 reminders',
  '2026-03-27T09:00:00.000Z     4  key:ops       changed enabled from true to false; time_zone from UTC to Asia/Kolkata (the office moves)',
  '2026-03-29T08:30:00.000Z     5  key:ops       dry run 2 started by hand',
  String.raw`2026-03-29T09:00:00.000Z     6  key:ops       deleted (gone\u001b[2J\u202e)`,
];

it('history tells who did what, when and why, in a line each, and lets a terminal obey nothing', async () => {
  const log = await someHistory();
  expect(await printed(log)).toEqual(LINES);
  expect(await printed(log, { newest: 2 })).toEqual(LINES.slice(-2));
  const changes = await printed(log, { changes: true });
  expect(changes).toEqual([LINES[0], LINES[3], LINES[5]]);
  const range = { from: Date.parse('2026-03-27T02:01:00Z'), to: Date.parse('2026-03-29T08:30:00Z') };
  expect(await printed(log, range)).toEqual(LINES.slice(2, 4));
  await expect(printed(log, { from: 2, to: 1 })).rejects.toThrow('--from must not be later than --to');
  const [withIds = ''] = await printed(log, { ids: true, newest: 1 });
  expect(withIds).toMatch(/ {2}event=[\w-]+ position=0{18}6 correlation=request-7 causation=-$/);
  await log.close();
});

it('history writes entries as JSON lines, with what was what before', async () => {
  const log = await someHistory();
  const lines = await printed(log, { json: true });
  const entries = lines.map((line) => JSON.parse(line));
  expect(entries[3]).toMatchObject({
    cron_id: 'cron-1',
    version: 4,
    actor: 'key:ops',
    reason: 'the office moves',
    changes: [
      { field: 'enabled', from: true, to: false },
      { field: 'time_zone', from: 'UTC', to: 'Asia/Kolkata' },
    ],
  });
  expect(entries[5].reason).toBe('gone\u001b[2J\u202e');
  expect(lines[5]).not.toMatch(/\p{Cf}/u);
  await log.close();
});

it('history ends when nobody reads it any more, and says when there has never been such a job', async () => {
  const log = await someHistory();
  expect(await printed(log, {}, { most: 2 })).toHaveLength(2);
  await expect(printed(log, {}, { cronId: 'cron-\u001b' })).rejects.toThrow(
    String.raw`there has never been a cron job cron-\u001b`,
  );
  await log.close();
});

it('history goes on behind what it does not know or cannot read, and says what cannot be told', async () => {
  const { log, append } = tellLog();
  await append('cronJob-cron-1', [{ type: 'CronJobPainted', data: { colour: 'red' } }]);
  expect(await printed(log)).toEqual([
    expect.stringContaining('CronJobPainted, which this version does not know'),
  ]);
  const schema_version = schemaVersionOf('RunStarted') + 1;
  await append('cronJob-cron-1', [{ type: 'RunStarted', data: {}, metadata: { schema_version } }]);
  const changes = { enabled: false };
  await append('cronJob-cron-1', [
    {
      type: 'CronJobUpdated',
      data: {
        cron_id: 'cron-1',
        changes,
        reason: 'r',
        reverted_to: null,
        updated_at: '2026-03-27T09:00:00.000Z',
      },
      metadata: { schema_version: schemaVersionOf('CronJobUpdated') },
    },
  ]);
  const [, second, third] = await printed(log);
  expect(second).toMatch(/RunStarted, unreadable: .* was written by a newer version/);
  expect(third).toMatch(/ changed to \{"enabled":false\}; what it changed cannot be told: .* \(r\)$/);
  const entries = (await printed(log, { json: true })).map((line) => JSON.parse(line));
  expect(entries.map(({ unreadable }) => typeof unreadable)).toEqual(['object', 'string', 'string']);
  expect(entries[2]).toMatchObject({ changes: null, data: { changes } });
  const output: Output = { gone: new AbortController().signal, write: () => Promise.resolve() };
  const about = { options: ALL, output, onProgress: () => undefined };
  expect(await printHistory(log, 'cron-1', about)).toEqual({ unreadable: 2 });
  await log.close();
});
