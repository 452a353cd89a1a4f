import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { stamp } from '../../../src/commands/stamp.js';
import type { JobConfig } from '../../../src/events/job-config.js';
import type { JobEvent } from '../../../src/events/parse-event.js';
import { jobStream } from '../../../src/events/stream-names.js';
import { createJobFold } from '../../../src/fold/job-fold.js';
import { acceptRequest, repeatOf } from '../../../src/job/accept-request.js';
import { evolve, type CronJob } from '../../../src/job/cron-job.js';
import { decide } from '../../../src/job/decide.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import { DomainError } from '../../../src/job/domain-error.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { runResult } from '../../support/sample-events.js';

export const CRON_ID = 'cron-001';
export const VERSIONS = { slot_engine_version: 1, tzdata_version: 'x' };
const ACTOR = 'test';
const MINUTE = 60_000;
const CREATED = Date.parse('2026-03-26T10:00:00Z');
const RESULT = runResult({ records_checked: 7 });

/** What a step asks of the job: its whole state, and that state's version. */
type Ask = (job: CronJob, version: number, configs: readonly JobConfig[]) => JobCommand | undefined;

const changes = fc.constantFrom<Partial<JobConfig>>(
  { enabled: false },
  { enabled: true },
  { cron_expression: '*/2 * * * *' },
  { cron_expression: '*/3 * * * *', time_zone: 'Asia/Kolkata' },
  { concurrency_policy: 'forbid' },
  { name: 'other', description: 'said' },
);
const asks: fc.Arbitrary<Ask> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Ask>(() => ({ type: 'Tick' })) },
  {
    weight: 3,
    arbitrary: changes.map((some): Ask => () => ({ type: 'UpdateCronJob', changes: some, reason: null })),
  },
  {
    weight: 2,
    arbitrary: fc.nat(1_000).map((nth): Ask => (_, version, configs) => {
      const reverted_to = 1 + (nth % version);
      const config = configs[reverted_to - 1];
      return config && { type: 'UpdateCronJob', changes: config, reason: 'back', reverted_to };
    }),
  },
  { weight: 2, arbitrary: fc.constant<Ask>(() => ({ type: 'DeleteCronJob', reason: null })) },
  {
    weight: 4,
    arbitrary: fc.constant<Ask>((deleted, version) => ({
      type: 'RestoreCronJob',
      deleted,
      version,
      reason: 'by mistake',
    })),
  },
  { weight: 2, arbitrary: fc.constant<Ask>(() => ({ type: 'ResetWatermark', reason: null })) },
  { weight: 2, arbitrary: fc.boolean().map((dry_run): Ask => () => ({ type: 'TriggerRun', dry_run })) },
  {
    weight: 2,
    arbitrary: fc.constant<Ask>(
      ({ open_runs: [run] }) =>
        run && { type: 'CompleteRun', run_id: run.run_id, status: 'success', result: RESULT },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant<Ask>(({ unheard_runs: [run_id] }) =>
      run_id === undefined ? undefined : { type: 'CompleteRun', run_id, status: 'success', result: RESULT },
    ),
  },
);

/** Neither the scheduler nor a worker has a key. */
const isOfClient = (command: JobCommand | undefined): boolean =>
  command?.type !== 'Tick' && command?.type !== 'CompleteRun';

/** Time passes truly; some of the clocks asked are ahead, and some requests are repeated. */
export const histories = fc.array(
  fc.record({
    ask: asks,
    key: fc.constantFrom(undefined, undefined, undefined, 'one', 'two'),
    afterMs: fc.integer({ min: 0, max: 4 * MINUTE }),
    aheadMs: fc.constantFrom(0, 0, 0, 0, 40 * MINUTE, 90 * MINUTE),
  }),
  { minLength: 3, maxLength: 24 },
);

export type History = typeof histories extends fc.Arbitrary<infer H> ? H : never;

/**
 * Carries a history out on the fold that commands start from, which keeps little of a deleted job.
 * @returns the log, the times that passed, and where that fold differs from one that keeps all
 */
export async function carriedOut(steps: History): Promise<{ log: EventLog; differing: string[] }> {
  const log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
  const fold = createJobFold(log);
  const configs: JobConfig[] = [];
  const differing: string[] = [];
  let whole: CronJob | undefined;
  let now = CREATED;

  /** What is appended; nothing for a repeat, which both must recognise. */
  function asked(command: JobCommand, at: number, name: string | undefined): JobEvent[] {
    const known = fold.get(CRON_ID);
    const version = known?.version ?? 0;
    const key = { key_hash: `${name}`, request_hash: 'request' };
    const [repeats, ofWhole] = [known?.job, whole].map((job) => repeatOf(job, command, key, at));
    if (repeats !== ofWhole) differing.push(`${name} repeats ${repeats} instead of ${ofWhole}`);
    if (name !== undefined && repeats !== undefined) return [];
    const options = { cronId: CRON_ID, version, now: at, allowSeconds: false, thresholds: [30] };
    const events = decide(known?.job, command, options);
    if (name === undefined) return events;
    const after = events.reduce((job, event, index) => evolve(job, event, version + index + 1), known?.job);
    const accepted = after && acceptRequest(after, key, { actor: ACTOR, events: events.length, now: at });
    return accepted === undefined ? events : [...events, accepted];
  }

  async function carryOut(command: JobCommand | undefined, at: number, key?: string): Promise<void> {
    if (command === undefined) return;
    const cause = { actor: ACTOR, correlation_id: 'test', causation_id: null, ...VERSIONS };
    const events = asked(command, at, key);
    const write = events.map((event) => stamp(event, cause, systemIds));
    const expectedVersion = fold.get(CRON_ID)?.version ?? 0;
    const [outcome] = await log.append([{ stream: jobStream(CRON_ID), expectedVersion, events: write }]);
    if (outcome?.kind !== 'appended') throw new Error('nobody else writes');
    fold.apply(outcome.events);
    for (const [index, event] of events.entries()) {
      whole = evolve(whole, event, expectedVersion + index + 1, ACTOR);
      if (whole !== undefined) configs.push(whole.config);
    }
    const after = fold.get(CRON_ID)?.job;
    if (after?.deleted === false && !isDeepStrictEqual(after, whole))
      differing.push(`${JSON.stringify(after)} instead of ${JSON.stringify(whole)}`);
  }

  const config = {
    name: 'job',
    cron_expression: '* * * * *',
    concurrency_policy: 'allow',
    timeout_seconds: 90,
  } as const;
  await carryOut({ type: 'ScheduleCronJob', config }, now);
  for (const { ask, key, afterMs, aheadMs } of steps) {
    now += afterMs;
    const command = whole && ask(whole, fold.get(CRON_ID)?.version ?? 0, configs);
    try {
      await carryOut(command, now + aheadMs, isOfClient(command) ? key : undefined);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
  return { log, differing };
}
