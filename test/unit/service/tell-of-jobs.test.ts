import { expect, it } from '@jest/globals';
import { tellOfJobs } from '../../../src/service/tell-of-jobs.js';
import type { CronJob } from '../../../src/job/cron-job.js';
import { schemaVersionOf } from '../../../src/events/parse-event.js';
import { runResult } from '../../support/sample-events.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';

const job = {
  config: { name: 'nightly' },
  open_runs: [
    {
      run_id: 'run-1',
      trigger: 'schedule',
      dry_run: false,
      started_at: Date.parse('2026-03-26T02:00:00.000Z'),
    },
  ],
} as unknown as CronJob;

function told(data: object) {
  const logger = createCollectingLogger();
  const counted: string[] = [];
  const tell = tellOfJobs({
    fold: () => ({ get: () => ({ version: 2, job }) }),
    metrics: {
      slotStarted: (ms) => counted.push(`late ${ms}`),
      runEnded: (outcome) => counted.push(outcome),
      runWarned: (code) => counted.push(`warned ${code}`),
    },
    logger,
  });
  const about = { cron_id: 'cron-1', run_id: 'run-1', completed_at: '2026-03-26T02:00:01.000Z' };
  const event = {
    id: 'e-1',
    stream: 'cronJob-cron-1',
    version: 3,
    type: 'RunCompleted',
    data: { ...about, result: null, error: null, ...data },
    metadata: { schema_version: schemaVersionOf('RunCompleted') },
  };
  tell([event] as never);
  return { lines: logger.lines.map(({ level, message, fields }) => ({ level, message, fields })), counted };
}

const counts = { mentors_checked: 124, reminders_sent: 3, errors: 0 };
const result = runResult(counts);

it('a run that has ended well is one INFO line with what it counted', () => {
  expect(told({ status: 'success', result })).toEqual({
    lines: [
      {
        level: 'info',
        message: 'run ended',
        fields: {
          cron_id: 'cron-1',
          name: 'nightly',
          run_id: 'run-1',
          trigger: 'schedule',
          dry_run: false,
          took_ms: 1_000,
          ...counts,
        },
      },
    ],
    counted: ['success'],
  });
});

it('a run with errors is one WARN line', () => {
  const { lines, counted } = told({ status: 'success', result: { ...result, errors: 2 } });
  expect(lines).toMatchObject([{ level: 'warn', message: 'run ended with errors', fields: { errors: 2 } }]);
  expect(counted).toEqual(['success']);
});

it('a run that warns is one WARN line, without the reasons that nobody had', () => {
  const reasons = {
    not_due: 110,
    already_asked: 0,
    nearer_asked: 0,
    superseded: 7,
    suspended: 0,
    withdrawn: 0,
    not_renewable_yet: 0,
    not_selected: 0,
    too_long_expired: 0,
  };
  const warnings = [
    { code: 'registry_shrank' as const, records: 120, before: 300 },
    { code: 'registry_stale' as const, hours: 30, limit: 24 },
  ];
  const warned = runResult({ ...counts, records_checked: 120, reasons, warnings });
  const { lines, counted } = told({ status: 'success', result: warned });
  expect(lines).toMatchObject([{ level: 'warn', message: 'run ended with warnings' }]);
  expect(lines[0]?.fields).toMatchObject({
    ...counts,
    records_checked: 120,
    reasons: { not_due: 110, superseded: 7 },
    warnings,
  });
  expect(Object.keys((lines[0]?.fields as { reasons: object }).reasons)).toHaveLength(2);
  expect(counted).toEqual(['success', 'warned registry_shrank', 'warned registry_stale']);
});

it('a run that warns and has errors, too, is one WARN line', () => {
  const warnings = [{ code: 'records_unreadable' as const, unreadable: 2, records: 9 }];
  const { lines, counted } = told({ status: 'success', result: runResult({ errors: 2, warnings }) });
  expect(lines).toMatchObject([{ message: 'run ended with errors', fields: { warnings } }]);
  expect(counted).toEqual(['success', 'warned records_unreadable']);
});

it.each([
  ['cancelled', 'cancelled'],
  ['too_many_reminders', 'too_many_reminders'],
  ['timed_out', 'timed_out'],
  ['check_failed', 'failed'],
  ['SMTP_DOWN', 'failed'],
])('a run that failed is one WARN line with its error: %s', (code, outcome) => {
  const error = { code, message: 'why' };
  const { lines, counted } = told({ status: 'failed', error });
  expect(lines).toMatchObject([{ level: 'warn', message: 'run failed', fields: { run_id: 'run-1', error } }]);
  expect(counted).toEqual([outcome]);
});

it('a schedule that cannot be computed is one WARN line', () => {
  const logger = createCollectingLogger();
  const metrics = { slotStarted: () => undefined, runEnded: () => undefined, runWarned: () => undefined };
  const tell = tellOfJobs({ fold: () => ({ get: () => ({ version: 2, job }) }), metrics, logger });
  const data = { cron_id: 'cron-1', message: 'time_zone: gone', failed_at: '2026-03-26T02:00:01.000Z' };
  tell([
    {
      id: 'e',
      stream: 'cronJob-cron-1',
      version: 3,
      type: 'ScheduleFailed',
      data,
      metadata: { schema_version: 1 },
    },
  ] as never);
  expect(logger.lines).toMatchObject([
    { level: 'warn', fields: { cron_id: 'cron-1', name: 'nightly', reason: 'time_zone: gone' } },
  ]);
});
