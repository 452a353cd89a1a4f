import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { reporting, type Violation } from './violation.js';

interface Job {
  config: Record<string, unknown>;
  open: Map<unknown, { from: number; until: number }>;
  /** Time of the last event of an earlier append. */
  before: number;
  last: number;
  append: string;
}

/**
 * The promise: a slot is started or skipped for the reason that its policies give, and for no other. On time it is
 * started, unless a run is open; later it depends on the catch-up policy and window.
 */
export function checkReasons(events: readonly RecordedEvent[]): Violation[] {
  const { violations, report } = reporting('each slot is settled as its policies say');
  const jobs = new Map<string, Job>();
  const changes = new Set(
    events
      .filter(({ type }) => type === 'CronJobUpdated' || type === 'CronJobDeleted')
      .map(({ metadata }) => metadata.correlation_id),
  );

  for (const event of events) {
    const { stream, type, data, recorded_at, metadata } = event;
    if (!stream.startsWith('cronJob-')) continue;
    const job = jobs.get(stream) ?? { config: {}, open: new Map(), before: 0, last: 0, append: '' };
    jobs.set(stream, job);
    if (metadata.correlation_id !== job.append) job.before = job.last;
    job.append = metadata.correlation_id;
    const at = timeOf(data);
    job.last = Math.max(job.last, at);
    const fault = (text: string): void => {
      report(text, stream.slice('cronJob-'.length), recorded_at);
    };
    // A log that is ahead of the clock does not tell what the clock was.
    const now = at > job.before ? at : undefined;
    if (type === 'RunSkipped') checkSkip(job, data, now, changes.has(metadata.correlation_id), fault);
    if (type === 'RunStarted' && data.slot !== null) checkStart(job, data, fault);
    apply(job, type, data);
  }
  return violations;
}

function timeOf(data: Record<string, unknown>): number {
  const text = Object.entries(data).find(([field]) => /^(?!triggered)\w+ed_at$/.test(field))?.[1];
  return Date.parse(String(text));
}

function apply(job: Job, type: string, data: Record<string, unknown>): void {
  if (type === 'CronJobScheduled') job.config = data;
  if (type === 'CronJobUpdated') job.config = { ...job.config, ...(data.changes as object) };
  if (type === 'RunStarted' && data.dry_run !== true) {
    const from = Date.parse(data.started_at as string);
    job.open.set(data.run_id, { from, until: from + Number(data.timeout_seconds) * 1000 });
  }
  if (type === 'RunCompleted') job.open.delete(data.run_id);
}

function policiesOf({ config }: Job) {
  const grace = Number(config.misfire_grace_seconds) * 1000;
  const window = Math.max(grace, Number(config.catchup_window_seconds) * 1000);
  return { grace, window, catchUp: config.catchup_policy, forbids: config.concurrency_policy === 'forbid' };
}

function checkStart(
  job: Job,
  { slot, late_by_ms }: Record<string, unknown>,
  fault: (text: string) => void,
): void {
  const { grace, window, catchUp } = policiesOf(job);
  const late = Number(late_by_ms);
  if (late > window) fault(`${String(slot)} was started ${late} ms late, beyond the window`);
  if (late > grace && catchUp === 'skip') fault(`${String(slot)} was started late, under skip`);
}

function checkSkip(
  job: Job,
  data: Record<string, unknown>,
  now: number | undefined,
  byChange: boolean,
  fault: (text: string) => void,
): void {
  const { grace, window, catchUp, forbids } = policiesOf(job);
  const reason = String(data.reason);
  const [from, to] = [Date.parse(data.from as string), Date.parse(data.to as string)];
  const wrong = (why: string): void => {
    fault(`${String(data.from)} to ${String(data.to)} were skipped as ${reason}, but ${why}`);
  };
  const isBusy = (slot: number): boolean =>
    [...job.open.values()].some((run) => run.from <= slot && slot < run.until);

  if (to > timeOf(data)) wrong('had not come');
  if (reason === 'overlap') {
    if (!forbids) wrong('overlap is allowed');
    if (!isBusy(from) || !isBusy(to)) wrong('no run was open');
    return;
  }
  if (['schedule_changed', 'disabled', 'deleted'].includes(reason)) {
    if (!byChange) wrong('nothing was changed');
    if (now !== undefined && now - to <= grace && job.open.size === 0) wrong('could have been started');
    return;
  }
  if (now === undefined) return;
  if (reason === 'missed_window' && now - to <= window) wrong('were within the window');
  if (reason !== 'missed_window' && (now - to <= grace || now - from > window))
    wrong('were on time, or too old');
  if (reason === 'superseded' && catchUp !== 'latest') wrong(`the policy is ${String(catchUp)}`);
  if (reason === 'catch_up_skip' && catchUp !== 'skip') wrong(`the policy is ${String(catchUp)}`);
}
