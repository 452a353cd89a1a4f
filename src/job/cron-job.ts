import type { JobEvent } from '../events/parse-event.js';
import { timeOf } from '../events/parse-event.js';
import { configOf, type JobConfig } from '../events/job-config.js';
import type { ownErrorCodes, RunRules } from '../events/job-events.js';
import { fromTimestamp, toTimestamp } from '../events/timestamp.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import { scheduleOf } from '../schedule/slots.js';
import { withRequest, type AcceptedRequest } from './accepted-requests.js';
import { changesSchedule, configAfter } from './changed-config.js';

/** Raise it whenever `evolve` or the shape of the state changes: stored states of another version are ignored. */
export const FOLD_VERSION = 7;

/** Runs closed by others whose worker has not reported since: only their results can still be recorded as rejected. */
const UNHEARD_RUNS_LIMIT = 20;

/** How runs end without their worker: it may not know yet. */
const CLOSED_BY_OTHERS: ReadonlySet<string> = new Set<(typeof ownErrorCodes)[number]>([
  'timed_out',
  'cancelled',
]);

export interface OpenRun {
  run_id: string;
  trigger: 'schedule' | 'manual';
  started_at: number;
  /** The instant at which it is timed out. */
  deadline: number;
  dry_run: boolean;
  /** Null for a run of an earlier version, which goes by the rules of today. */
  rules: RunRules | null;
}

/** The state that decisions about a job are based on: its stream, folded. Instants are epoch milliseconds. */
export interface CronJob {
  cron_id: string;
  /** By which a client declares it; null when it was created otherwise. */
  key: string | null;
  config: JobConfig;
  /** The version of its stream at the last change by a client. */
  config_version: number;
  /** The last settled slot, or the change that the schedule counts from: the next slot is the first one after it. */
  watermark: number;
  open_runs: readonly OpenRun[];
  unheard_runs: readonly string[];
  last_run_no: number;
  /** Of the registry, as the last real run with success has counted them; null before there was one. */
  records_checked: number | null;
  last_event_at: number;
  /** Whether its watermark has ever been set back: then the times of its stream do not tell the order of its events. */
  was_reset: boolean;
  /** When a client last changed something. */
  updated_at: number;
  /** Why the next slot cannot be computed; null when it can. */
  schedule_error: string | null;
  deleted: boolean;
  /** The last ones that may be repeated, oldest first. */
  requests: readonly AcceptedRequest[];
}

/**
 * State and event in, next state out. Pure. Readers of the log pass by events of unknown types before this.
 * @param version of the event in its stream
 * @param actor of its metadata: who has sent the request, where it is one under a key
 */
export function evolve(
  job: CronJob | undefined,
  event: JobEvent,
  version: number,
  actor = '',
): CronJob | undefined {
  if (event.type === 'CronJobScheduled') return scheduled(event.data, version);
  if (job === undefined) return undefined;
  const next = apply(job, event, version, actor);
  if (event.type === 'WatermarkReset') return next;
  return { ...next, last_event_at: Math.max(job.last_event_at, fromTimestamp(timeOf(event))) };
}

function scheduled(
  { cron_id, key, created_at, ...config }: Extract<JobEvent, { type: 'CronJobScheduled' }>['data'],
  version: number,
): CronJob {
  const at = fromTimestamp(created_at);
  return {
    cron_id,
    key,
    config,
    config_version: version,
    watermark: at,
    open_runs: [],
    unheard_runs: [],
    last_run_no: 0,
    records_checked: null,
    last_event_at: at,
    was_reset: false,
    updated_at: at,
    schedule_error: null,
    deleted: false,
    requests: [],
  };
}

type LaterEvent = Exclude<JobEvent, { type: 'CronJobScheduled' }>;

function apply(job: CronJob, event: LaterEvent, version: number, actor: string): CronJob {
  switch (event.type) {
    case 'CronJobUpdated': {
      const config = configAfter(job.config, event.data.changes);
      const updated_at = fromTimestamp(event.data.updated_at);
      const changed = { ...job, config, config_version: version, updated_at };
      if (!changesSchedule(job.config, config)) return changed;
      return { ...changed, watermark: updated_at, schedule_error: null };
    }
    case 'CronJobDeleted':
      // Its requests are kept: a late repeat of one must not undo the delete.
      return { ...job, config_version: version, deleted: true };
    case 'CronJobRestored': {
      const { key, last_run_no, records_checked, was_reset, restored_at } = event.data;
      const watermark = fromTimestamp(restored_at);
      const since = { watermark, updated_at: watermark, schedule_error: null, deleted: false };
      const config = { config: configOf(event.data), config_version: version };
      // Of a deleted job only its runs and the requests that may be repeated are known for sure.
      return { ...job, key, ...config, last_run_no, records_checked, was_reset, ...since };
    }
    case 'RunStarted': {
      const { run_id, run_no, trigger, slot, dry_run, timeout_seconds, rules } = event.data;
      const started_at = fromTimestamp(event.data.started_at);
      const deadline = started_at + timeout_seconds * 1000;
      const run = { run_id, trigger, started_at, deadline, dry_run, rules };
      return {
        ...job,
        watermark: slot === null ? job.watermark : fromTimestamp(slot),
        open_runs: job.open_runs.concat([run]),
        last_run_no: run_no,
      };
    }
    case 'RunCompleted': {
      const { run_id, status, error, result } = event.data;
      const isGood = status === 'success' && isReal(job, run_id);
      const records_checked = isGood ? result?.records_checked : undefined;
      const ended = {
        ...job,
        open_runs: without(job.open_runs, run_id),
        records_checked: records_checked ?? job.records_checked,
      };
      if (error === null || !CLOSED_BY_OTHERS.has(error.code)) return ended;
      return { ...ended, unheard_runs: [...job.unheard_runs, run_id].slice(-UNHEARD_RUNS_LIMIT) };
    }
    case 'RunSkipped':
      return { ...job, watermark: fromTimestamp(event.data.to) };
    case 'WatermarkReset': {
      const reset_at = fromTimestamp(event.data.reset_at);
      const open_runs = job.open_runs.map((run) => startedBy(reset_at, run));
      const watermark = fromTimestamp(event.data.to);
      return {
        ...job,
        config_version: version,
        watermark,
        open_runs,
        last_event_at: reset_at,
        was_reset: true,
      };
    }
    case 'RunResultRejected':
      return { ...job, unheard_runs: job.unheard_runs.filter((run_id) => run_id !== event.data.run_id) };
    case 'RequestAccepted':
      return { ...job, requests: withRequest(job.requests, event.data, { version, actor }) };
    case 'ScheduleFailed':
      return { ...job, schedule_error: event.data.message };
  }
}

function isReal({ open_runs }: CronJob, runId: string): boolean {
  return open_runs.some(({ run_id, dry_run }) => run_id === runId && !dry_run);
}

/** A run begun by a clock that ran ahead would keep its job busy until its deadline by that clock. */
function startedBy(instant: number, run: OpenRun): OpenRun {
  if (run.started_at <= instant) return run;
  return { ...run, started_at: instant, deadline: instant + (run.deadline - run.started_at) };
}

/** Runs mostly end in the order in which they began: those behind the one that has ended need no look. */
function without(runs: readonly OpenRun[], runId: string): readonly OpenRun[] {
  const at = runs.findIndex(({ run_id }) => run_id === runId);
  return at === -1 ? runs : runs.toSpliced(at, 1);
}

/** Whether slots are owed at all. */
export function isScheduling(job: CronJob): boolean {
  return job.config.enabled && !job.deleted && job.schedule_error === null;
}

/**
 * The next slot, epoch milliseconds; undefined when none is owed. It may be past while it waits for a run to end.
 * @throws ScheduleError when the schedule cannot be computed
 */
export function nextSlot(job: CronJob, options: ParseOptions): number | undefined {
  if (!isScheduling(job)) return undefined;
  return scheduleOf(job.config.cron_expression, job.config.time_zone, options).nextAfter(job.watermark);
}

/**
 * The next slot as a timestamp; null when none is owed, or it cannot be computed: the next Tick records ScheduleFailed.
 */
export function nextRunAt(job: CronJob, options: ParseOptions): string | null {
  try {
    const next = nextSlot(job, options);
    return next === undefined ? null : toTimestamp(next);
  } catch {
    return null;
  }
}

export type JobStatus = 'active' | 'disabled' | 'schedule_error';

export function statusOf(job: CronJob): JobStatus {
  if (!job.config.enabled) return 'disabled';
  return job.schedule_error === null ? 'active' : 'schedule_error';
}
