import { isJobEvent, parseEvent } from '../events/parse-event.js';
import { cronIdOf, JOB_STREAM_PREFIX, jobStream } from '../events/stream-names.js';
import type { AppendedEvent, EventLog, RecordedEvent } from '../ports/event-log.js';
import { evolve, type CronJob } from '../job/cron-job.js';

export interface FoldedJob {
  job: CronJob;
  version: number;
}

/** The state of every job in memory, folded from the log: commands start from it, the scheduler is woken by it. */
export interface JobFold {
  get(cronId: string): FoldedJob | undefined;
  all(): Iterable<FoldedJob>;
  /** Takes a stored state; ignored when it is not newer than the one in memory. */
  seed(folded: FoldedJob): void;
  /** Folds events of job streams, in order; skips those folded already, and those of other streams. */
  apply(events: readonly AppendedEvent[]): void;
  /**
   * Brings one job up to the end of its stream by reading its tail; all of it when it lacks the event that the state
   * was folded from.
   */
  refresh(cronId: string): Promise<FoldedJob | undefined>;
  /** `listener` is called with each job that has changed, after it has. */
  onChange(listener: (folded: FoldedJob) => void): void;
}

const PAGE = 500;

export function createJobFold(log: EventLog): JobFold {
  const jobs = new Map<string, FoldedJob>();
  const listeners: ((folded: FoldedJob) => void)[] = [];

  function store(folded: FoldedJob): void {
    jobs.set(folded.job.cron_id, folded);
    for (const listener of listeners) listener(folded);
  }

  function applyOne(recorded: AppendedEvent): void {
    if (!recorded.stream.startsWith(JOB_STREAM_PREFIX)) return;
    const cronId = cronIdOf(recorded.stream);
    const before = jobs.get(cronId);
    const version = before?.version ?? 0;
    if (recorded.version <= version) return;
    // Own appends may be ahead of the events read from others; the log follower reads the missing part.
    if (recorded.version > version + 1) return;
    const event = parseEvent(recorded);
    const job = event !== undefined && isJobEvent(event) ? evolve(before?.job, event) : before?.job;
    if (job !== undefined) store({ job, version: recorded.version });
  }

  return {
    get: (cronId) => jobs.get(cronId),
    all: () => jobs.values(),
    seed(folded) {
      if (folded.version > (jobs.get(folded.job.cron_id)?.version ?? 0)) store(folded);
    },
    apply: (events) => {
      events.forEach(applyOne);
    },
    async refresh(cronId) {
      const read = (from: number): Promise<RecordedEvent[]> =>
        log.readStream(jobStream(cronId), { direction: 'forwards', from, limit: PAGE });
      for (;;) {
        const known = jobs.get(cronId)?.version ?? 0;
        let events = await read(Math.max(known, 1));
        if (known > 0 && events.length === 0) {
          // A state of another log, or of this one before it was restored.
          events = await read(1);
          jobs.delete(cronId);
        }
        events.forEach(applyOne);
        if (events.length < PAGE) return jobs.get(cronId);
      }
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}
