import { isJobEvent, parseEvent, readWithPlace } from '../events/parse-event.js';
import { cronIdOf, JOB_STREAM_PREFIX, jobStream } from '../events/stream-names.js';
import type { AppendedEvent, EventLog, RecordedEvent } from '../ports/event-log.js';
import { evolve, type CronJob } from '../job/cron-job.js';
import { keptBy, REQUESTS_KEPT_MS } from '../job/accepted-requests.js';
import { deletedJob, isAtRest, remainsOf } from '../job/remains-of.js';

export interface FoldedJob {
  job: CronJob;
  version: number;
}

/** The state of every job in memory, folded from the log: commands start from it, the scheduler is woken by it. */
export interface JobFold {
  /** Of a deleted job only what later events and commands need. */
  get(cronId: string): FoldedJob | undefined;
  /** Those to which something can still happen: not the deleted ones of which no run or result is outstanding. */
  all(): Iterable<FoldedJob>;
  /** How many are not deleted. */
  live(): number;
  /** Takes a stored state; ignored when it is not newer than the one in memory. */
  seed(folded: FoldedJob): void;
  /** Folds events of job streams, in order; skips those folded already, and those of other streams. */
  apply(events: readonly AppendedEvent[]): void;
  /**
   * Brings one job up to the end of its stream by reading its tail; all of it when it lacks the event that the state
   * was folded from.
   */
  refresh(cronId: string): Promise<FoldedJob | undefined>;
  /** `listener` is called with each job that has changed, after it has: once for what was applied together. */
  onChange(listener: (folded: FoldedJob) => void): void;
}

/** Read and folded at a stretch, which takes some milliseconds. */
const PAGE = 100;
/** How often, by the times of events, requests that are too old to be repeated are looked for. */
const FORGET_EVERY_MS = 60 * 60_000;

export function createJobFold(log: EventLog): JobFold {
  /** Of deleted jobs to which nothing can happen any more only the version: they become ever more. */
  const jobs = new Map<string, FoldedJob | number>();
  const listeners: ((folded: FoldedJob) => void)[] = [];
  /** Deleted jobs of which only requests are remembered. */
  const repeatable = new Set<string>();
  let forgottenAt = 0;
  let live = 0;

  function get(cronId: string): FoldedJob | undefined {
    const known = jobs.get(cronId);
    return typeof known === 'number' ? { job: deletedJob(cronId), version: known } : known;
  }

  function* all(): Generator<FoldedJob> {
    for (const known of jobs.values()) if (typeof known !== 'number' && !isAtRest(known.job)) yield known;
  }

  function store(cronId: string, { job, version }: FoldedJob): void {
    const remains = remainsOf(job);
    live += countOf(job) - countOf(get(cronId)?.job);
    jobs.set(cronId, remains === undefined ? version : { job: remains, version });
    if (remains !== undefined && isAtRest(remains)) repeatable.add(cronId);
    else repeatable.delete(cronId);
    forgetRequests(job.last_event_at);
  }

  /** Deleted jobs become ever more. Twice the time, because the clock that wrote an event may have been ahead. */
  function forgetRequests(instant: number): void {
    if (instant < forgottenAt + FORGET_EVERY_MS) return;
    forgottenAt = instant;
    for (const cronId of repeatable) {
      const { job, version } = get(cronId) ?? {};
      if (job === undefined || version === undefined) continue;
      if (keptBy(job.requests, instant - REQUESTS_KEPT_MS).length > 0) continue;
      jobs.set(cronId, version);
      repeatable.delete(cronId);
    }
  }

  function forget(cronId: string): void {
    live -= countOf(get(cronId)?.job);
    jobs.delete(cronId);
    repeatable.delete(cronId);
  }

  function tell(cronId: string): void {
    const folded = get(cronId);
    if (folded !== undefined) for (const listener of listeners) listener(folded);
  }

  /** @returns the job, if that has changed it */
  function applyOne(recorded: AppendedEvent): string | undefined {
    if (!recorded.stream.startsWith(JOB_STREAM_PREFIX)) return undefined;
    const cronId = cronIdOf(recorded.stream);
    const before = get(cronId);
    const version = before?.version ?? 0;
    if (recorded.version <= version) return undefined;
    // Own appends may be ahead of the events read from others; the log follower reads the missing part.
    if (recorded.version > version + 1) return undefined;
    const event = readWithPlace(recorded, () => parseEvent(recorded));
    const job =
      event !== undefined && isJobEvent(event)
        ? evolve(before?.job, event, recorded.version, recorded.metadata.actor)
        : before?.job;
    if (job === undefined) return undefined;
    store(cronId, { job, version: recorded.version });
    return cronId;
  }

  function apply(events: readonly AppendedEvent[]): void {
    const changed = new Set<string>();
    try {
      for (const event of events) {
        const cronId = applyOne(event);
        if (cronId !== undefined) changed.add(cronId);
      }
    } finally {
      // Also when an event cannot be read: those before it have been folded.
      changed.forEach(tell);
    }
  }

  return {
    get,
    all,
    live: () => live,
    seed(folded) {
      const { cron_id } = folded.job;
      if (folded.version <= (get(cron_id)?.version ?? 0)) return;
      store(cron_id, folded);
      tell(cron_id);
    },
    apply,
    async refresh(cronId) {
      const read = (from: number): Promise<RecordedEvent[]> =>
        log.readStream(jobStream(cronId), { direction: 'forwards', from, limit: PAGE });
      for (;;) {
        const known = get(cronId)?.version ?? 0;
        let events = await read(Math.max(known, 1));
        if (known > 0 && events.length === 0) {
          // A state of another log, or of this one before it was restored.
          events = await read(1);
          forget(cronId);
        }
        apply(events);
        if (events.length < PAGE) return get(cronId);
      }
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}

function countOf(job: CronJob | undefined): number {
  return job === undefined || job.deleted ? 0 : 1;
}
