import type { JobEvent } from '../events/parse-event.js';
import { defaultJobConfig, isSameSetting, type JobConfig } from '../events/job-config.js';
import type { RunError, RunResult } from '../events/job-events.js';
import { runIdOf, runNumberIn } from '../events/stream-names.js';
import { toTimestamp } from '../events/timestamp.js';
import { assertEverDue, scheduleOf } from '../schedule/slots.js';
import { changesSchedule, MOST_OPEN_RUNS, type CronJob } from './cron-job.js';
import { DomainError, noSuchJob } from './domain-error.js';
import { openRealRuns } from './open-runs.js';
import { isAhead } from './settled-ahead.js';
import { Draft, type DecideOptions } from './draft.js';

export type JobCommand =
  | { type: 'ScheduleCronJob'; config: Pick<JobConfig, 'name' | 'cron_expression'> & Partial<JobConfig> }
  /** @param reverted_to the version whose configuration `changes` are @param version decided on no other one */
  | {
      type: 'UpdateCronJob';
      changes: Partial<JobConfig>;
      reason: string | null;
      reverted_to?: number;
      version?: number;
    }
  | { type: 'DeleteCronJob'; reason: string | null }
  /**
   * @param deleted the whole state of the deleted job, which memory does not keep
   * @param version that it was read at: the command is decided on no other one
   */
  | { type: 'RestoreCronJob'; deleted: CronJob; version: number; reason: string | null }
  /** Slots were settled before they came, by a clock that ran ahead: they are owed again. */
  | { type: 'ResetWatermark'; reason: string | null }
  /** @param confirm_reminders so many are let through in place of the job's limit */
  | { type: 'TriggerRun'; dry_run: boolean; confirm_reminders?: number | null }
  | { type: 'CancelRun'; run_id: string; reason: string | null }
  | { type: 'CompleteRun'; run_id: string; status: 'success'; result: RunResult }
  /** @param result of one that has counted before it failed */
  | { type: 'CompleteRun'; run_id: string; status: 'failed'; error: RunError; result?: RunResult }
  /** Time has passed: time out what is overdue, settle the slots that are due. */
  | { type: 'Tick' };

/** A deleted job lets its runs end. */
const OF_DELETED: ReadonlySet<JobCommand['type']> = new Set(['CompleteRun', 'CancelRun', 'Tick']);

/**
 * The rules of a job: its state and a command in, the events that follow out; none when there is nothing to do.
 * Pure: no clock, no ids, no I/O. Slots and what is due are computed here, from the job's own state, so a stale
 * timetable or a repeat after a conflict cannot start a slot of an old schedule.
 * @throws DomainError when the state does not allow the command, ScheduleError when a schedule cannot be used
 */
export function decide(job: CronJob | undefined, command: JobCommand, options: DecideOptions): JobEvent[] {
  if (command.type === 'ScheduleCronJob') return schedule(job, command.config, options);
  if (command.type === 'RestoreCronJob') return restore(job, command, options);
  if (job === undefined || (job.deleted && !OF_DELETED.has(command.type))) {
    if (command.type === 'Tick') return [];
    throw noSuchJob(options.cronId, job !== undefined);
  }
  const draft = new Draft(job, options);
  switch (command.type) {
    case 'UpdateCronJob':
      update(draft, command);
      break;
    case 'DeleteCronJob':
      countFromNow(draft, command.reason);
      draft.settleEverything('deleted');
      draft.emit({
        type: 'CronJobDeleted',
        data: { cron_id: job.cron_id, reason: command.reason, deleted_at: draft.at },
      });
      break;
    case 'ResetWatermark':
      reset(draft, command.reason);
      break;
    case 'TriggerRun':
      trigger(draft, command);
      break;
    case 'CancelRun':
      cancel(draft, command);
      break;
    case 'CompleteRun':
      complete(draft, command);
      break;
    case 'Tick':
      draft.timeOutOverdueRuns();
      draft.settleDueSlots();
      break;
  }
  return draft.events;
}

function schedule(
  job: CronJob | undefined,
  wanted: Partial<JobConfig> & Pick<JobConfig, 'name' | 'cron_expression'>,
  { cronId, now, allowSeconds }: DecideOptions,
): JobEvent[] {
  if (job !== undefined) throw new DomainError('cron_id_taken', `${cronId} exists already`);
  const config: JobConfig = { ...defaultJobConfig, ...wanted };
  assertEverDue(scheduleOf(config.cron_expression, config.time_zone, { allowSeconds }), now);
  return [{ type: 'CronJobScheduled', data: { cron_id: cronId, ...config, created_at: toTimestamp(now) } }];
}

/** It is as it was at the delete, but owes nothing for the time between, and a schedule that failed is tried again. */
function restore(
  job: CronJob | undefined,
  { deleted, reason }: Extract<JobCommand, { type: 'RestoreCronJob' }>,
  options: DecideOptions,
): JobEvent[] {
  if (job === undefined)
    throw new DomainError('cron_job_not_found', `there has never been a cron job ${options.cronId}`);
  if (!job.deleted) throw new DomainError('not_deleted', `${job.cron_id} is not deleted`);
  const draft = new Draft(deleted, options);
  const { cron_id, config, last_run_no, records_checked, was_reset } = deleted;
  draft.emit({
    type: 'CronJobRestored',
    data: { cron_id, ...config, last_run_no, records_checked, was_reset, reason, restored_at: draft.at },
  });
  countFromNow(draft, reason);
  draft.tryOutSchedule();
  return draft.events;
}

function update(
  draft: Draft,
  { changes, reason, reverted_to }: Extract<JobCommand, { type: 'UpdateCronJob' }>,
): void {
  const before = draft.job.config;
  const changed = Object.fromEntries(
    Object.entries(changes).filter(
      ([field, value]) => !isSameSetting(value, before[field as keyof JobConfig]),
    ),
  ) as Partial<JobConfig>;
  if (Object.keys(changed).length === 0) return;
  const after = { ...before, ...changed };
  if (changesSchedule(before, after)) {
    assertEverDue(scheduleOf(after.cron_expression, after.time_zone, draft.options), draft.now);
  }
  if (changesSchedule(before, after) || before.enabled !== after.enabled) countFromNow(draft, reason);
  if (before.enabled && !after.enabled) draft.settleEverything('disabled');
  else if (changesSchedule(before, after)) draft.settleEverything('schedule_changed');
  draft.emit({
    type: 'CronJobUpdated',
    data: {
      cron_id: draft.job.cron_id,
      changes: changed,
      reason,
      reverted_to: reverted_to ?? null,
      updated_at: draft.at,
    },
  });
}

/** A client's change counts from the time that it is, not from the one that a clock once showed. */
function countFromNow(draft: Draft, reason: string | null): void {
  if (isAhead(draft.job, draft.now)) draft.resetWatermark(reason);
}

function reset(draft: Draft, reason: string | null): void {
  if (!isAhead(draft.job, draft.now))
    throw new DomainError('not_settled_ahead', `no slot of ${draft.job.cron_id} was settled before its time`);
  draft.resetWatermark(reason);
}

function trigger(
  draft: Draft,
  { dry_run: dryRun, confirm_reminders }: Extract<JobCommand, { type: 'TriggerRun' }>,
): void {
  draft.timeOutOverdueRuns();
  const running = openRealRuns(draft.job).at(-1);
  if (running !== undefined && !dryRun && draft.job.config.concurrency_policy === 'forbid') {
    throw new DomainError('run_in_progress', `${running.run_id} is still running`, {
      run_id: running.run_id,
    });
  }
  const alike = draft.job.open_runs.filter((run) => run.dry_run === dryRun).length;
  if (alike >= MOST_OPEN_RUNS) {
    const kind = dryRun ? 'dry' : 'real';
    throw new DomainError(
      'too_many_open_runs',
      `${alike} ${kind} runs of ${draft.job.cron_id} are open; allowed: ${MOST_OPEN_RUNS} at a time`,
    );
  }
  draft.start({ slot: null, dryRun, confirmed: confirm_reminders ?? null });
}

function cancel(draft: Draft, { run_id, reason }: Extract<JobCommand, { type: 'CancelRun' }>): void {
  const { cron_id, last_run_no } = draft.job;
  draft.timeOutOverdueRuns();
  if (draft.job.open_runs.some((run) => run.run_id === run_id)) {
    const error = { code: 'cancelled', message: reason ?? 'cancelled without a reason' } as const;
    draft.complete({ run_id, status: 'failed', result: null, error });
    return;
  }
  const run_no = runNumberIn(run_id);
  if (run_no < 1 || run_no > last_run_no || runIdOf(cron_id, run_no) !== run_id)
    throw new DomainError('run_not_found', `${cron_id} has no run ${run_id}`);
  throw new DomainError('run_not_open', `${run_id} has ended already`);
}

function complete(draft: Draft, command: Extract<JobCommand, { type: 'CompleteRun' }>): void {
  const { cron_id } = draft.job;
  const { run_id, status } = command;
  const result = command.result ?? null;
  // A result that comes after the deadline is late whether the watchdog was quicker or not.
  draft.timeOutOverdueRuns();
  const open = draft.job.open_runs.find((run) => run.run_id === run_id);
  // One of too many overdue runs, whose turn has not come.
  if (open !== undefined && draft.isOverdue(open)) draft.timeOut(open);
  if (draft.job.open_runs.some((run) => run.run_id === run_id)) {
    const error = command.status === 'failed' ? command.error : null;
    draft.complete({ run_id, status, result, error });
  } else if (draft.job.unheard_runs.includes(run_id)) {
    draft.emit({
      type: 'RunResultRejected',
      data: { cron_id, run_id, status, result, rejected_at: draft.at },
    });
  }
  // Anything else is a repeat of a result that is in already.
}
