import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultJobConfig, type JobConfig } from '../../../src/events/job-config.js';
import type { CronJob } from '../../../src/job/cron-job.js';
import { decide } from '../../../src/job/decide.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import { DomainError } from '../../../src/job/domain-error.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import {
  replayDecisions,
  type DecisionDifference,
  type ReplayOptions,
} from '../../../src/replay/replay-decisions.js';
import { differenceText } from '../../../src/cli/decide-command.js';
import { runResult } from '../../support/sample-events.js';
import { TODAY, tellLog } from './told-log.js';

const DAY = 86_400_000;
const START = Date.parse('2026-03-26T10:00:00Z');

async function replayed(log: EventLog, options: Partial<ReplayOptions> = {}) {
  const differences: DecisionDifference[] = [];
  const unreadable: string[] = [];
  const totals = await replayDecisions(log, {
    job: null,
    allowSeconds: true,
    thresholds: [1],
    versions: TODAY,
    onDifference: (difference) => void differences.push(difference),
    onUnreadable: ({ cronId, version }) => void unreadable.push(`${cronId} ${version}`),
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...options,
  });
  return { totals, differences, unreadable };
}

type Ask = (job: CronJob) => JobCommand[];

const update = (changes: Partial<JobConfig>): JobCommand => ({ type: 'UpdateCronJob', changes, reason: 'r' });
const revert = (changes: Partial<JobConfig>): JobCommand => ({
  type: 'UpdateCronJob',
  changes,
  reason: 'r',
  reverted_to: 1,
});
/** Only configuration and counts of the state are taken, and these a delete keeps. */
const restore = (deleted: CronJob): JobCommand => ({
  type: 'RestoreCronJob',
  deleted,
  version: 1,
  reason: 'r',
});
const policies = {
  misfire_grace_seconds: fc.constantFrom(0, 60, 3_600),
  catchup_policy: fc.constantFrom('latest', 'all', 'skip'),
  catchup_window_seconds: fc.constantFrom(10, 86_400, 31_536_000),
  concurrency_policy: fc.constantFrom('forbid', 'allow'),
  timeout_seconds: fc.constantFrom(1, 600, 604_800),
} as const;
const expressions = fc.constantFrom('*/7 * * * * *', '* * * * *', '*/20 1-23 * * *', '0 2 * * *');
const asks: fc.Arbitrary<Ask> = fc.oneof(
  { weight: 10, arbitrary: fc.constant<Ask>(() => [{ type: 'Tick' }]) },
  fc.boolean().map<Ask>((dry_run) => () => [{ type: 'TriggerRun', dry_run, confirm_reminders: 7 }]),
  fc.constant<Ask>(({ open_runs, unheard_runs }) =>
    [...open_runs.map(({ run_id }) => run_id), ...unheard_runs]
      .slice(0, 2)
      .map((run_id) => ({ type: 'CompleteRun', run_id, status: 'success', result: runResult() })),
  ),
  fc.constant<Ask>(({ open_runs }) =>
    open_runs.slice(0, 1).map(({ run_id }) => ({ type: 'CancelRun', run_id, reason: null })),
  ),
  fc.record(policies, { requiredKeys: [] }).map<Ask>((changes) => () => [update(changes)]),
  fc.boolean().map<Ask>((enabled) => () => [update({ enabled })]),
  expressions.map<Ask>((cron_expression) => () => [update({ cron_expression })]),
  { weight: 1, arbitrary: fc.constant<Ask>(() => [{ type: 'DeleteCronJob', reason: null }]) },
  fc.constant<Ask>((job) => [restore(job)]),
  fc.constant<Ask>((job) => [
    { type: 'DeleteCronJob', reason: null },
    restore(job),
    update({ enabled: true }),
  ]),
  fc.constant<Ask>(() => [{ type: 'ResetWatermark', reason: null }]),
  fc.record(policies).map<Ask>((changes) => () => [revert(changes)]),
);
const steps = fc.array(
  fc.record({
    // A clock that steps back, too.
    wait: fc.constantFrom(-7_200_000, -5_000, 0, 500, 1_000, 30_000, 3_600_000, DAY, 40 * DAY),
    ask: asks,
    /** A client that gives all its requests one id. */
    id: fc.constantFrom(undefined, undefined, 'the same'),
  }),
  { minLength: 5, maxLength: 30 },
);

it('what the real rules have decided is decided the same again, whatever the clock did', async () => {
  const reached = { ticks: 0, commands: 0 };
  const property = fc.asyncProperty(
    expressions,
    fc.constantFrom('UTC', 'Europe/Berlin'),
    fc.record(policies),
    steps,
    async (cron_expression, time_zone, chosen, taken) => {
      const { log, tell, job } = tellLog();
      let now = START;
      const config = { ...defaultJobConfig, ...chosen, name: 'job', cron_expression, time_zone };
      await tell('cron-1', now, { type: 'ScheduleCronJob', config });
      for (const { wait, ask, id } of taken) {
        now += wait;
        const state = job('cron-1');
        for (const command of state === undefined ? [] : ask(state))
          try {
            const by = command.type === 'Tick' || id === undefined ? {} : { correlation_id: id };
            const deleted = job('cron-1');
            const isRestore = command.type === 'RestoreCronJob' && deleted !== undefined;
            await tell('cron-1', now, isRestore ? restore(deleted) : command, by);
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
          }
      }
      const { totals, differences } = await replayed(log);
      await log.close();
      // A clock behind the last event is not in the log: what it showed is guessed, nearly always rightly.
      expect(differences.filter(({ explained }) => explained !== 'clock unknown')).toEqual([]);
      reached.ticks += totals.ticks;
      reached.commands += totals.commands;
    },
  );
  await fc.assert(property, { numRuns: 80 });
  expect(Math.min(reached.ticks, reached.commands)).toBeGreaterThan(50);
});

it('what a client asks for at once, by one id, is told apart: also what follows a restore', async () => {
  const after: JobCommand[] = [
    update({ enabled: false }),
    update({ timeout_seconds: 5 }),
    { type: 'DeleteCronJob', reason: null },
    { type: 'TriggerRun', dry_run: false },
  ];
  const { log, tell, job } = tellLog();
  const by = { correlation_id: 'the same' };
  for (const [index, command] of after.entries())
    for (const ahead of [0, DAY]) {
      const [cronId, now] = [`cron-${index}${ahead}`, START + ahead];
      const config = { name: 'job', cron_expression: '* * * * *' };
      await tell(cronId, now, { type: 'ScheduleCronJob', config }, by);
      await tell(cronId, now, { type: 'DeleteCronJob', reason: null }, by);
      const deleted = job(cronId);
      if (deleted !== undefined) await tell(cronId, START, restore(deleted), by);
      await tell(cronId, START, command, by);
    }
  const { totals, differences } = await replayed(log);
  expect(differences.map(differenceText)).toEqual([]);
  expect(totals).toMatchObject({ jobs: 8, commands: 32, differences: 0, unknown: 0 });
  await log.close();
});

it('a restore is told apart from what the same client asks for after the clock has gone back', async () => {
  const { log, tell, job } = tellLog();
  const by = { correlation_id: 'the same' };
  const config = { name: 'job', cron_expression: '* * * * *', enabled: false };
  await tell('cron-1', START, { type: 'ScheduleCronJob', config });
  await tell('cron-1', START + 1_000, { type: 'DeleteCronJob', reason: null });
  const deleted = job('cron-1');
  if (deleted === undefined) throw new Error('nothing is left of it');
  await tell('cron-1', START + 2_000, restore(deleted), by);
  await tell('cron-1', START - 3_600_000, update({ enabled: true }), by);
  const { totals, differences } = await replayed(log);
  expect(differences.map(differenceText)).toEqual([]);
  expect(totals).toMatchObject({ commands: 4, differences: 0 });
  await log.close();
});

/** A job that runs every night, after two nights and a week without a scheduler. */
async function someNights(time_zone = 'UTC') {
  const told = tellLog();
  const config = { name: 'nightly', cron_expression: '0 2 * * *', time_zone, timeout_seconds: 60 };
  await told.tell('cron-1', START, { type: 'ScheduleCronJob', config });
  for (const days of [1, 2, 9]) await told.tell('cron-1', START + days * DAY, { type: 'Tick' });
  await told.tell('cron-1', START + 9 * DAY + 1, { type: 'DeleteCronJob', reason: null });
  return told;
}

it('rules that have come to differ are found, and each difference has its place', async () => {
  const { log } = await someNights();
  expect(await replayed(log)).toMatchObject({ totals: { ticks: 3, commands: 2, differences: 0 } });
  const forgetful: typeof decide = (...args) => {
    const events = decide(...args);
    return args[1].type === 'Tick' && events.at(-1)?.type === 'RunStarted' ? events.slice(0, -1) : events;
  };
  const { totals, differences } = await replayed(log, { decide: forgetful });
  expect(totals).toMatchObject({ differences: 3, explained: 0 });
  expect(differences[2]).toMatchObject({ cronId: 'cron-1', recorded: { version: 5 }, explained: null });
  expect(differences.map(differenceText)[2]).toBe(
    [
      'differs   cron-1 version 5, decided at 2026-04-04T10:00:00.000Z by scheduler',
      '  recorded  run 2 failed: timed_out, no result within 60 s at 2026-04-04T10:00:00.000Z; 6 slots from 2026-03-29T02:00:00.000Z to 2026-04-03T02:00:00.000Z skipped: missed_window at 2026-04-04T10:00:00.000Z; run 3 started for the slot 2026-04-04T02:00:00.000Z, 28800 s late at 2026-04-04T10:00:00.000Z',
      '  today     run 2 failed: timed_out, no result within 60 s at 2026-04-04T10:00:00.000Z; 6 slots from 2026-03-29T02:00:00.000Z to 2026-04-03T02:00:00.000Z skipped: missed_window at 2026-04-04T10:00:00.000Z',
      '',
    ].join('\n'),
  );
  const shorter: typeof decide = (job, ...args) =>
    decide(job && { ...job, config: { ...job.config, timeout_seconds: 30 } }, ...args);
  const texts = (await replayed(log, { decide: shorter })).differences.map(differenceText);
  expect(texts[0]).toContain('  event 1   recorded timeout_seconds 60; today timeout_seconds 30\n');
  await log.close();
});

it('a difference is explained where the slots are computed with other versions, but not in UTC', async () => {
  for (const [zone, explained] of [
    ['UTC', null],
    ['Europe/Berlin', 'other slots'],
  ] as const) {
    const { log } = await someNights(zone);
    const versions = { ...TODAY, tzdata_version: '2027a' };
    expect((await replayed(log, { versions })).totals.differences).toBe(0);
    const nothing: typeof decide = () => [];
    const { differences } = await replayed(log, { versions, decide: nothing });
    expect(differences[1]?.explained).toBe(explained);
    await log.close();
  }
});

it('a command that today is refused is a difference; what cannot be read ends the job, and no other', async () => {
  const { log, tell, append } = await someNights();
  const config = { name: 'by seconds', cron_expression: '*/5 * * * * *' };
  await tell('cron-2', START, { type: 'ScheduleCronJob', config });
  await append('cronJob-cron-1', [{ type: 'RunStarted', data: {} }]);
  const { totals, differences, unreadable } = await replayed(log, { allowSeconds: false });
  expect(totals).toMatchObject({ jobs: 2, differences: 1, unreadable: 1 });
  expect(differences[0]).toMatchObject({
    cronId: 'cron-2',
    today: expect.stringMatching(/^6 fields given; allowed: 5/),
  });
  expect(unreadable).toEqual(['cron-1 9']);
  const alone = await replayed(log, { job: 'cron-2' });
  expect(alone.totals).toMatchObject({ jobs: 1, events: 1, differences: 0 });
  await log.close();
});
