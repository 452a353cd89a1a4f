import type { JobEvent } from '../events/parse-event.js';
import { runIdOf, runNumberIn } from '../events/stream-names.js';
import { changeJob } from './change-job.js';
import type { CronJob } from './cron-job.js';
import { DomainError, noSuchJob } from './domain-error.js';
import { Draft, type DecideOptions } from './draft.js';
import type { JobChange, JobCommand } from './job-command.js';
import { MOST_OPEN_RUNS, openRealRuns } from './open-runs.js';

/**
 * The rules of a job: its state and a command in, the events that follow out; none when there is nothing to do.
 * Pure: no clock, no ids, no I/O. Slots and what is due are computed here, from the job's own state, so a stale
 * timetable or a repeat after a conflict cannot start a slot of an old schedule.
 * @throws DomainError when the state does not allow the command, ScheduleError when a schedule cannot be used
 */
export function decide(job: CronJob | undefined, command: JobCommand, options: DecideOptions): JobEvent[] {
  switch (command.type) {
    case 'TriggerRun':
    case 'CancelRun':
    case 'CompleteRun':
    case 'Tick':
      return decideRuns(job, command, options);
    default:
      return changeJob(job, command, options);
  }
}

function decideRuns(
  job: CronJob | undefined,
  command: Exclude<JobCommand, JobChange>,
  options: DecideOptions,
): JobEvent[] {
  // A deleted job lets its runs end.
  if (job === undefined || (job.deleted && command.type === 'TriggerRun')) {
    if (command.type === 'Tick') return [];
    throw noSuchJob(options.cronId, job !== undefined);
  }
  const draft = new Draft(job, options);
  switch (command.type) {
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

function trigger(
  draft: Draft,
  { dry_run: dryRun, confirm_reminders, reason }: Extract<JobCommand, { type: 'TriggerRun' }>,
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
  draft.start({ slot: null, dryRun, confirmed: confirm_reminders ?? null, reason: reason ?? null });
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
