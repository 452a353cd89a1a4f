import type { JobEvent } from '../events/parse-event.js';
import type { SkipReason } from '../events/schedule-events.js';
import { runIdOf } from '../events/stream-names.js';
import { toTimestamp } from '../events/timestamp.js';
import { overlapped, settle, type Owed, type Settlement } from './settle-slots.js';
import { rulesInForce } from './rules-in-force.js';
import { ScheduleError } from '../schedule/schedule-error.js';
import { slotsBetween } from '../schedule/slots-between.js';
import { scheduleOf, type Schedule } from '../schedule/slots.js';
import { evolve, isScheduling, type CronJob, type OpenRun } from './cron-job.js';
import { MOST_OPEN_RUNS, openRealRuns, roomForRuns } from './open-runs.js';

export interface DecideOptions {
  cronId: string;
  /** Of the stream that is decided on; 0 when there is none. */
  version: number;
  /** The clock, epoch milliseconds: it alone decides what is due. */
  now: number;
  allowSeconds: boolean;
  /** Of jobs without thresholds of their own: days before the expiry. */
  thresholds: readonly number[];
}

type RunEnd = Omit<Extract<JobEvent, { type: 'RunCompleted' }>['data'], 'cron_id' | 'completed_at'>;

interface NewRun {
  /** Null for a manual run. */
  slot: number | null;
  dryRun: boolean;
  /** Reminders that are let through; null: as many as the job allows. */
  confirmed?: number | null;
  reason?: string | null;
}

/** A decision in progress: emitted events are folded in at once, so each step sees those before it. */
export class Draft {
  readonly events: JobEvent[] = [];
  /** The clock. The job's last event may be later, when a clock was ahead: that must not make slots due early. */
  readonly now: number;

  constructor(
    public job: CronJob,
    readonly options: DecideOptions,
  ) {
    this.now = options.now;
  }

  /**
   * The time of the events, epoch milliseconds: the later of the clock and the job's last event, so times in a stream
   * never decrease.
   */
  private get recordedAt(): number {
    return Math.max(this.now, this.job.last_event_at);
  }

  get at(): string {
    return toTimestamp(this.recordedAt);
  }

  emit(event: JobEvent): void {
    this.events.push(event);
    this.job = evolve(this.job, event, this.options.version + this.events.length) ?? this.job;
  }

  start({ slot, dryRun, confirmed = null, reason = null }: NewRun): void {
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
        rules: rulesInForce(config, this.options.thresholds, confirmed),
        reason,
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

  /** Undoes what a clock that ran ahead has settled: slots after the present are owed again, and times count from now. */
  resetWatermark(reason: string | null): void {
    const { cron_id, watermark } = this.job;
    const to = toTimestamp(Math.min(watermark, this.now));
    this.emit({
      type: 'WatermarkReset',
      data: { cron_id, from: toTimestamp(watermark), to, reason, reset_at: toTimestamp(this.now) },
    });
  }

  /**
   * Closes runs past their deadline, oldest deadline first; until then they were open, and slots overlapped them. Jobs of
   * older logs may have thousands, and each event copies them: then the next Tick, at once, goes on with the others.
   */
  timeOutOverdueRuns(): void {
    const overdue = this.job.open_runs
      .filter((run) => this.isOverdue(run))
      .sort((a, b) => a.deadline - b.deadline);
    const tooMany = this.job.open_runs.length > 2 * MOST_OPEN_RUNS;
    for (const run of tooMany ? overdue.slice(0, MOST_OPEN_RUNS) : overdue) this.timeOut(run);
  }

  isOverdue(run: OpenRun): boolean {
    return run.deadline <= this.now;
  }

  timeOut(run: OpenRun): void {
    if (!run.dry_run) this.skipOverlaps(run.deadline - 1);
    const seconds = (run.deadline - run.started_at) / 1000;
    const error = { code: 'timed_out', message: `no result within ${seconds} s` };
    this.end({ run_id: run.run_id, status: 'failed', result: null, error });
  }

  /** Ends a run that is open; the slots that came due meanwhile have overlapped it. */
  complete(end: RunEnd): void {
    this.skipOverlaps(this.now - 1);
    this.end(end);
  }

  private end({ run_id, status, result, error }: RunEnd): void {
    const { cron_id } = this.job;
    const data = { cron_id, run_id, status, result, error, completed_at: this.at };
    this.emit({ type: 'RunCompleted', data });
  }

  /** Settles the slots up to `until` that came due while a real run was open, when the policy forbids overlap. */
  skipOverlaps(until: number): void {
    if (this.job.config.concurrency_policy !== 'forbid') return;
    const busy = openRealRuns(this.job).map((run) => ({ from: run.started_at, until: run.deadline }));
    if (busy.length === 0) return;
    this.withSchedule((schedule) => {
      this.carryOut(overlapped(this.owed(schedule, until), busy));
    });
  }

  settleDueSlots(): void {
    this.skipOverlaps(this.now);
    this.withSchedule((schedule) => {
      const { config } = this.job;
      this.carryOut(
        settle(this.owed(schedule, this.now), {
          now: this.now,
          policies: {
            graceMs: config.misfire_grace_seconds * 1000,
            windowMs: config.catchup_window_seconds * 1000,
            catchUp: config.catchup_policy,
          },
          running: openRealRuns(this.job).length > 0,
          room: roomForRuns(this.job),
        }),
      );
    });
  }

  /**
   * Before a change, nothing may stay owed: start what is due under the schedule as it was and has room, record the rest.
   * The recorded time of the change counts, which may be later than the clock: the new schedule begins there.
   */
  settleEverything(reason: 'schedule_changed' | 'disabled' | 'deleted'): void {
    this.timeOutOverdueRuns();
    this.settleDueSlots();
    // A slot that comes at this very instant overlaps a run that was just started.
    this.settleDueSlots();
    this.withSchedule((schedule) => {
      const rest = slotsBetween(schedule, this.job.watermark, this.recordedAt);
      if (rest !== undefined) this.skip({ ...rest, reason });
    });
  }

  /** Records at once when the schedule cannot be computed, rather than at the next Tick. */
  tryOutSchedule(): void {
    this.withSchedule((schedule) => {
      schedule.nextAfter(this.job.watermark);
    });
  }

  private owed(schedule: Schedule, until: number): Owed {
    return { schedule, after: this.job.watermark, until };
  }

  private carryOut(settlements: readonly Settlement[]): void {
    for (const settlement of settlements) {
      if (settlement.kind === 'start') this.start({ slot: settlement.slot, dryRun: false });
      else this.skip(settlement);
    }
  }

  /** A schedule that cannot be computed affects this job alone: recorded, and not retried until it is changed. */
  private withSchedule(step: (schedule: Schedule) => void): void {
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
