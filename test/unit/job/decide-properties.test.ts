import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultJobConfig, type JobConfig } from '../../../src/events/job-config.js';
import type { JobEvent } from '../../../src/events/parse-event.js';
import { evolve, type CronJob } from '../../../src/job/cron-job.js';
import { MOST_OPEN_RUNS } from '../../../src/job/open-runs.js';
import { decide } from '../../../src/job/decide.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import { DomainError } from '../../../src/job/domain-error.js';
import { createRunProof } from '../../../src/ledger/verify-runs.js';
import { createSlotProof } from '../../../src/ledger/verify-slots.js';
import { runResult } from '../../support/sample-events.js';

const CRON_ID = 'cron-001';
const RESULT = runResult();
const VERSIONS = { slot_engine_version: 1, tzdata_version: 'the same' };
const expressions = fc.constantFrom(
  '* * * * * *',
  '*/7 * * * * *',
  '* * * * *',
  '*/20 1-23 * * *',
  '0 2 * * *',
);
const policies = {
  misfire_grace_seconds: fc.constantFrom(0, 60, 3_600, 86_400),
  catchup_policy: fc.constantFrom('latest', 'all', 'skip'),
  catchup_window_seconds: fc.constantFrom(10, 3_600, 31_536_000),
  concurrency_policy: fc.constantFrom('forbid', 'allow', 'allow'),
  timeout_seconds: fc.constantFrom(1, 600, 604_800),
} as const;

interface Step {
  wait: number;
  ask: (job: CronJob) => JobCommand[];
}

const update = (changes: Partial<JobConfig>): JobCommand => ({
  type: 'UpdateCronJob',
  changes,
  reason: null,
});
const commands: fc.Arbitrary<Step['ask']> = fc.oneof(
  { weight: 12, arbitrary: fc.constant(() => [{ type: 'Tick' as const }]) },
  // More than fit at once.
  fc.record({ dry_run: fc.boolean(), times: fc.constantFrom(1, 3, 130) }).map(
    ({ dry_run, times }) =>
      () =>
        Array.from({ length: times }, () => ({ type: 'TriggerRun' as const, dry_run })),
  ),
  {
    weight: 6,
    arbitrary: fc.integer({ min: 1, max: 60 }).map((nth) => (job: CronJob) => completed(job, nth)),
  },
  fc.record(policies, { requiredKeys: [] }).map((changes) => () => [update(changes)]),
  fc.record({ enabled: fc.boolean() }).map((changes) => () => [update(changes)]),
  expressions.map((cron_expression) => () => [update({ cron_expression })]),
  { weight: 1, arbitrary: fc.constant(() => [{ type: 'DeleteCronJob' as const, reason: null }]) },
);
const steps = fc.array(
  fc.record({
    wait: fc.constantFrom(0, 500, 1_000, 30_000, 3_600_000, 72_000_000, 400 * 86_400_000),
    ask: commands,
  }),
  { minLength: 1, maxLength: 30 },
);

/** The first of each `nth` open runs. */
function completed(job: CronJob, nth: number): JobCommand[] {
  return job.open_runs
    .filter((_, index) => index % nth === 0)
    .map(({ run_id }) => ({ type: 'CompleteRun', run_id, status: 'success', result: RESULT }));
}

function openOf(job: CronJob): { real: number; dry: number } {
  const dry = job.open_runs.filter(({ dry_run }) => dry_run).length;
  return { real: job.open_runs.length - dry, dry };
}

it('a decision starts a bounded number of runs, no more are open than may be, and no slot is lost or settled twice', () => {
  const reached = { full: 0, refused: 0 };
  const property = fc.property(
    expressions,
    fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe'),
    fc.record(policies),
    steps,
    (cron_expression, time_zone, chosen, taken) => {
      let now = Date.parse('2026-03-26T10:00:00Z');
      let job: CronJob | undefined;
      let version = 0;
      const found: string[] = [];
      const [runs, slots] = [createRunProof(), createSlotProof(VERSIONS)];

      function carryOut(command: JobCommand): JobEvent[] {
        const events = decide(job, command, {
          cronId: CRON_ID,
          version,
          now,
          allowSeconds: true,
          thresholds: [30, 7],
        });
        for (const event of events) {
          job = evolve(job, event, ++version);
          runs.take(event, (kind, text) => found.push(`${kind}: ${text}`));
          slots.take(event, VERSIONS, (kind, text) => found.push(`${kind}: ${text}`));
        }
        return events;
      }

      const config = { ...defaultJobConfig, ...chosen, name: 'job', cron_expression, time_zone };
      carryOut({ type: 'ScheduleCronJob', config: config });
      for (const { wait, ask } of taken) {
        now += wait;
        for (const command of job === undefined ? [] : ask(job)) {
          try {
            const events = carryOut(command);
            const starts = events.filter(({ type }) => type === 'RunStarted').length;
            expect(starts).toBeLessThanOrEqual(MOST_OPEN_RUNS);
            expect(events.length).toBeLessThanOrEqual(6 * MOST_OPEN_RUNS);
            if (starts === MOST_OPEN_RUNS) reached.full++;
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
            if (error.code === 'too_many_open_runs') reached.refused++;
          }
          const { real, dry } = job === undefined ? { real: 0, dry: 0 } : openOf(job);
          expect(Math.max(real, dry)).toBeLessThanOrEqual(MOST_OPEN_RUNS);
        }
      }
      expect(found).toEqual([]);
    },
  );
  fc.assert(property, { numRuns: 250 });
  expect(Math.min(reached.full, reached.refused)).toBeGreaterThan(3);
});
