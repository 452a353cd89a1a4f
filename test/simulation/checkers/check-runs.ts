import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { reporting, type Violation } from './violation.js';

interface JobState {
  events: number;
  enabled: boolean;
  deleted: boolean;
  forbidsOverlap: boolean;
  runs: number;
  open: Map<unknown, RecordedEvent>;
  closed: Map<unknown, { byOthers: boolean; rejected: boolean }>;
  lastAt: string;
}

const TIMES: Record<string, string> = {
  CronJobScheduled: 'created_at',
  CronJobUpdated: 'updated_at',
  CronJobDeleted: 'deleted_at',
  CronJobRestored: 'restored_at',
  RunStarted: 'started_at',
  RunCompleted: 'completed_at',
  RunSkipped: 'skipped_at',
  RunResultRejected: 'rejected_at',
};

/** Real ones and dry ones each; repeated here on purpose. */
const MOST_OPEN_RUNS = 100;

/**
 * The promises about runs: no scheduled start after a disable or delete, no overlap under forbid, no more open than may
 * be, every run completed exactly once, numbered without a gap, and nothing but a rejected result after that.
 */
export function checkRuns(events: readonly RecordedEvent[]): Violation[] {
  const { violations, report } = reporting('runs are started and completed as promised');
  const jobs = new Map<string, JobState>();

  for (const event of events) {
    const { stream, type, data, version, recorded_at } = event;
    if (!stream.startsWith('cronJob-')) continue;
    const cronId = stream.slice('cronJob-'.length);
    const fault = (text: string): void => {
      report(text, cronId, recorded_at);
    };
    const job = jobs.get(cronId) ?? newJob();
    jobs.set(cronId, job);
    if (version !== ++job.events) fault(`version ${version} in place ${job.events}`);
    const at = data[TIMES[type] ?? ''] as string | undefined;
    if (at === undefined) fault(`${type} was not expected in this world`);
    else if (at < job.lastAt) fault(`${type} at ${at} comes after an event at ${job.lastAt}`);
    job.lastAt = at ?? job.lastAt;
    apply(job, event, fault);
  }
  for (const [cronId, { open }] of jobs)
    for (const run of open.keys()) report(`${String(run)} was never completed`, cronId);
  return violations;
}

function newJob(): JobState {
  return {
    events: 0,
    enabled: false,
    deleted: false,
    forbidsOverlap: true,
    runs: 0,
    lastAt: '',
    open: new Map(),
    closed: new Map(),
  };
}

function apply(job: JobState, event: RecordedEvent, fault: (text: string) => void): void {
  const { type, data } = event;
  const run = String(data.run_id);
  switch (type) {
    case 'CronJobScheduled':
    case 'CronJobUpdated': {
      const config = (type === 'CronJobScheduled' ? data : data.changes) as Record<string, unknown>;
      if (job.deleted) fault('was changed after its delete');
      if (config.enabled !== undefined) job.enabled = config.enabled === true;
      if (config.concurrency_policy !== undefined)
        job.forbidsOverlap = config.concurrency_policy === 'forbid';
      break;
    }
    case 'CronJobDeleted':
      if (job.deleted) fault('was deleted twice');
      job.deleted = true;
      break;
    case 'CronJobRestored':
      if (!job.deleted) fault('was restored, but not deleted');
      if (data.last_run_no !== job.runs) fault(`was restored with ${String(data.last_run_no)} runs`);
      job.deleted = false;
      break;
    case 'RunStarted':
      if (job.deleted) fault(`${run} was started after the delete`);
      if (data.slot !== null) checkScheduledStart(job, data, fault);
      if (data.dry_run !== true && job.forbidsOverlap) checkAlone(job, run, fault);
      if (data.run_no !== ++job.runs) fault(`${run} has the number ${String(data.run_no)}, not ${job.runs}`);
      if (job.open.has(run) || job.closed.has(run)) fault(`${run} was started twice`);
      job.open.set(run, event);
      checkLimit(job, run, data.dry_run, fault);
      break;
    case 'RunCompleted': {
      if (job.closed.has(run)) fault(`${run} was completed twice`);
      else if (!job.open.delete(run)) fault(`${run} was completed, but never started`);
      const code = (data.error as { code?: string } | null)?.code;
      const byOthers = code === 'timed_out' || code === 'cancelled';
      const hasCounted = data.status === 'success' || code === 'too_many_reminders';
      if ((data.result !== null) !== hasCounted) fault(`${run}: result and status disagree`);
      job.closed.set(run, { byOthers, rejected: false });
      break;
    }
    case 'RunResultRejected': {
      const closed = job.closed.get(run);
      if (closed?.byOthers !== true || closed.rejected) fault(`the result of ${run} was rejected wrongly`);
      else closed.rejected = true;
      break;
    }
    default:
      break;
  }
}

function checkScheduledStart(
  job: JobState,
  { run_id, slot, started_at, late_by_ms }: Record<string, unknown>,
  fault: (text: string) => void,
): void {
  const run = String(run_id);
  if (!job.enabled) fault(`${run} was started while the job was disabled`);
  if (String(started_at) < String(slot)) fault(`${run} was started before its slot ${String(slot)}`);
  const lateness = Date.parse(String(started_at)) - Date.parse(String(slot));
  if (Number(late_by_ms) < 0 || Number(late_by_ms) > lateness)
    fault(`${run} says it is ${String(late_by_ms)} ms late, by its times it is ${lateness}`);
}

function checkAlone(job: JobState, run: string, fault: (text: string) => void): void {
  const others = [...job.open].filter(([, started]) => started.data.dry_run !== true);
  if (others.length > 0) fault(`${run} overlaps ${others.map(([other]) => String(other)).join(', ')}`);
}

function checkLimit(job: JobState, run: string, dry: unknown, fault: (text: string) => void): void {
  if (job.open.size <= MOST_OPEN_RUNS) return;
  const alike = [...job.open.values()].filter(({ data }) => data.dry_run === dry).length;
  if (alike > MOST_OPEN_RUNS) fault(`${alike} runs of its kind are open with ${run}`);
}
