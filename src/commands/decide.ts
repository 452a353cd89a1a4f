import type { JobEvent } from '../events/domain-event.js';
import { defaultJobConfig, type JobConfig } from '../events/job-config.js';
import type { RunError, RunResult, SkipReason } from '../events/job-events.js';
import { runIdOf } from '../events/stream-names.js';
import { toTimestamp } from '../events/timestamp.js';
import { overlapped, settle, slotsBetween, type Settlement } from '../schedule/due.js';
import { ScheduleError } from '../schedule/schedule-error.js';
import { assertEverDue, scheduleOf, type Schedule } from '../schedule/slots.js';
import {
  changesSchedule,
  evolve,
  isScheduling,
  nextSlot,
  openRealRuns,
  type CronJob,
  type OpenRun,
} from './cron-job.js';
import { DomainError } from './domain-error.js';

export type JobCommand =
  | { type: 'ScheduleCronJob'; config: Pick<JobConfig, 'name' | 'cron_expression'> & Partial<JobConfig> }
  | { type: 'UpdateCronJob'; changes: Partial<JobConfig>; reason: string | null }
  | { type: 'DeleteCronJob'; reason: string | null }
  | { type: 'TriggerRun'; dry_run: boolean }
  | { type: 'CompleteRun'; run_id: string; status: 'success'; result: RunResult }
  | { type: 'CompleteRun'; run_id: string; status: 'failed'; error: RunError }
  /** Time has passed: time out what is overdue, settle the slots that are due. */
  | { type: 'Tick' };

export interface DecideOptions {
  cronId: string;
  /** The clock, epoch milliseconds. Events carry the later of it and the job's last event. */
  now: number;
  allowSeconds: boolean;
}

/**
 * The rules of a job: its state and a command in, the events that follow out; none when there is nothing to do.
 * Pure: no clock, no ids, no I/O. Slots and what is due are computed here, from the job's own state, so a stale
 * timetable or a repeat after a conflict cannot start a slot of an old schedule.
 * @throws DomainError when the state does not allow the command, ScheduleError when a schedule cannot be used
 */
export function decide(job: CronJob | undefined, command: JobCommand, options: DecideOptions): JobEvent[] {
  if (command.type === 'ScheduleCronJob') return schedule(job, command.config, options);
  if (job === undefined || (job.deleted && command.type !== 'CompleteRun' && command.type !== 'Tick')) {
    if (command.type === 'Tick') return [];
    throw new DomainError('cron_job_not_found', `there is no cron job ${options.cronId}`);
  }
  const draft = new Draft(job, options);
  switch (command.type) {
    case 'UpdateCronJob':
      update(draft, command);
      break;
    case 'DeleteCronJob':
      draft.settleEverything('deleted');
      draft.emit({
        type: 'CronJobDeleted',
        data: { cron_id: job.cron_id, reason: command.reason, deleted_at: draft.at },
      });
      break;
    case 'TriggerRun':
      trigger(draft, command.dry_run);
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
  given: Partial<JobConfig> & Pick<JobConfig, 'name' | 'cron_expression'>,
  { cronId, now, allowSeconds }: DecideOptions,
): JobEvent[] {
  if (job !== undefined) throw new DomainError('cron_id_taken', `${cronId} exists already`);
  const config: JobConfig = { ...defaultJobConfig, ...given };
  assertEverDue(scheduleOf(config.cron_expression, config.time_zone, { allowSeconds }), now);
  return [{ type: 'CronJobScheduled', data: { cron_id: cronId, ...config, created_at: toTimestamp(now) } }];
}

function update(draft: Draft, { changes, reason }: Extract<JobCommand, { type: 'UpdateCronJob' }>): void {
  const before = draft.job.config;
  const changed = Object.fromEntries(
    Object.entries(changes).filter(([field, value]) => value !== before[field as keyof JobConfig]),
  ) as Partial<JobConfig>;
  if (Object.keys(changed).length === 0) return;
  const after = { ...before, ...changed };
  if (changesSchedule(before, after)) {
    assertEverDue(scheduleOf(after.cron_expression, after.time_zone, draft.options), draft.now);
  }
  if (before.enabled && !after.enabled) draft.settleEverything('disabled');
  else if (changesSchedule(before, after)) draft.settleEverything('schedule_changed');
  draft.emit({
    type: 'CronJobUpdated',
    data: { cron_id: draft.job.cron_id, changes: changed, reason, updated_at: draft.at },
  });
}

function trigger(draft: Draft, dryRun: boolean): void {
  draft.timeOutOverdueRuns();
  const running = openRealRuns(draft.job).at(-1);
  if (running !== undefined && !dryRun && draft.job.config.concurrency_policy === 'forbid') {
    throw new DomainError('run_in_progress', `${running.run_id} is still running`, {
      run_id: running.run_id,
    });
  }
  draft.start({ slot: null, dryRun });
}

function complete(draft: Draft, command: Extract<JobCommand, { type: 'CompleteRun' }>): void {
  const { cron_id } = draft.job;
  const { run_id, status } = command;
  const result = command.status === 'success' ? command.result : null;
  // A result that comes after the deadline is late whether the watchdog was quicker or not.
  draft.timeOutOverdueRuns();
  if (draft.job.open_runs.some((run) => run.run_id === run_id)) {
    const error = command.status === 'failed' ? command.error : null;
    draft.skipOverlaps(draft.now - 1);
    draft.emit({
      type: 'RunCompleted',
      data: { cron_id, run_id, status, result, error, completed_at: draft.at },
    });
  } else if (draft.job.unheard_runs.includes(run_id)) {
    draft.emit({
      type: 'RunResultRejected',
      data: { cron_id, run_id, status, result, rejected_at: draft.at },
    });
  }
  // Anything else is a repeat of a result that is in already.
}

/** The decision in the making: what is emitted is folded in at once, so each step sees those before it. */
class Draft {
  readonly events: JobEvent[] = [];
  readonly now: number;
  readonly at: string;

  constructor(
    public job: CronJob,
    readonly options: DecideOptions,
  ) {
    this.now = Math.max(options.now, job.last_event_at);
    this.at = toTimestamp(this.now);
  }

  emit(event: JobEvent): void {
    this.events.push(event);
    this.job = evolve(this.job, event) ?? this.job;
  }

  start({ slot, dryRun }: { slot: number | null; dryRun: boolean }): void {
    const { cron_id, config, watermark } = this.job;
    const run_no = this.job.last_run_no + 1;
    this.emit({
      type: 'RunStarted',
      data: {
        cron_id,
        run_id: runIdOf(cron_id, run_no),
        run_no,
        trigger: slot === null ? 'manual' : 'schedule',
        slot: slot === null ? null : toTimestamp(slot),
        after: slot === null ? null : toTimestamp(watermark),
        started_at: this.at,
        late_by_ms: slot === null ? null : this.now - slot,
        dry_run: dryRun,
        timeout_seconds: config.timeout_seconds,
      },
    });
  }

  skip({ from, to, count, reason }: { from: number; to: number; count: number; reason: SkipReason }): void {
    this.emit({
      type: 'RunSkipped',
      data: {
        cron_id: this.job.cron_id,
        from: toTimestamp(from),
        to: toTimestamp(to),
        count,
        after: toTimestamp(this.job.watermark),
        reason,
        skipped_at: this.at,
      },
    });
  }

  /** Closes runs whose deadline has passed, oldest deadline first; until then they were open, and slots overlapped them. */
  timeOutOverdueRuns(): void {
    const overdue = this.job.open_runs
      .filter((run) => run.deadline <= this.now)
      .sort((a, b) => a.deadline - b.deadline);
    for (const run of overdue) {
      if (!run.dry_run) this.skipOverlaps(run.deadline - 1);
      this.timeOut(run);
    }
  }

  private timeOut(run: OpenRun): void {
    const seconds = (run.deadline - run.started_at) / 1000;
    this.emit({
      type: 'RunCompleted',
      data: {
        cron_id: this.job.cron_id,
        run_id: run.run_id,
        status: 'failed',
        result: null,
        error: { code: 'timed_out', message: `no result within ${seconds} s` },
        completed_at: this.at,
      },
    });
  }

  /** Settles the slots up to `until` that came due while a real run was open, when the policy forbids overlap. */
  skipOverlaps(until: number): void {
    if (this.job.config.concurrency_policy !== 'forbid') return;
    const busy = openRealRuns(this.job).map((run) => ({ from: run.started_at, until: run.deadline }));
    if (busy.length === 0) return;
    this.withSchedule((plan) => {
      let before: number;
      do {
        before = this.job.watermark;
        this.carryOut(overlapped(this.owed(plan, until), busy));
      } while (this.job.watermark > before);
    });
  }

  settleDueSlots(): void {
    this.skipOverlaps(this.now);
    this.withSchedule((plan) => {
      const { config } = this.job;
      this.carryOut(
        settle(this.owed(plan, this.now), {
          now: this.now,
          policies: {
            graceMs: config.misfire_grace_seconds * 1000,
            windowMs: config.catchup_window_seconds * 1000,
            catchUp: config.catchup_policy,
            overlap: config.concurrency_policy,
          },
          running: openRealRuns(this.job).length > 0,
        }),
      );
    });
  }

  /** Before a change, nothing may stay owed: start what is due under the schedule as it was, record the rest. */
  settleEverything(reason: 'schedule_changed' | 'disabled' | 'deleted'): void {
    this.timeOutOverdueRuns();
    let before: number;
    do {
      before = this.events.length;
      this.settleDueSlots();
    } while (this.events.length > before);
    this.withSchedule((plan) => {
      for (let owed = this.owed(plan, this.now); owed.slots.length > 0; owed = this.owed(plan, this.now)) {
        const [from = 0] = owed.slots;
        this.skip({ from, to: owed.slots.at(-1) ?? from, count: owed.slots.length, reason });
      }
    });
  }

  private owed(plan: Schedule, until: number) {
    return slotsBetween((instant) => plan.nextAfter(instant), this.job.watermark, until);
  }

  private carryOut(settlements: readonly Settlement[]): void {
    for (const settlement of settlements) {
      if (settlement.kind === 'start') this.start({ slot: settlement.slot, dryRun: false });
      else this.skip(settlement);
    }
  }

  /** A schedule that cannot be computed is this job's trouble alone: recorded, and nothing more until it is changed. */
  private withSchedule(step: (plan: Schedule) => void): void {
    if (!isScheduling(this.job)) return;
    const { cron_expression, time_zone } = this.job.config;
    try {
      step(scheduleOf(cron_expression, time_zone, this.options));
    } catch (error) {
      const message = error instanceof ScheduleError ? `${error.field}: ${error.message}` : String(error);
      this.emit({ type: 'ScheduleFailed', data: { cron_id: this.job.cron_id, message, failed_at: this.at } });
    }
  }
}

/**
 * When the scheduler must look at the job again, epoch milliseconds; Infinity when only an event can change anything.
 * @param ticked the instant of the last Tick that found nothing to do: slots up to then wait for a run to end
 */
export function wakeAt(job: CronJob, ticked: number, options: { allowSeconds: boolean }): number {
  const deadline = Math.min(Infinity, ...job.open_runs.map((run) => run.deadline));
  if (!isScheduling(job)) return deadline;
  try {
    const next = nextSlot(job, options);
    if (next === undefined) return deadline;
    return next > ticked ? Math.min(next, deadline) : deadline;
  } catch {
    // The Tick records why: it must come once.
    return ticked === -Infinity ? -Infinity : deadline;
  }
}
