import { isJobEvent, type DomainEvent } from '../events/parse-event.js';
import { cronIdOf, JOB_STREAM_PREFIX, REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import { toTimestamp, type Timestamp } from '../events/timestamp.js';
import { START, type EventLog, type RecordedEvent } from '../ports/event-log.js';
import type { SlotVersions } from '../schedule/slot-versions.js';
import type { LogHead } from './log-head.js';
import { createEventProof } from './verify-events.js';
import { createHeadProof } from './verify-head.js';
import { createReminderProof } from './verify-reminders.js';
import { createRunProof } from './verify-runs.js';
import { createSlotProof, type FindingKind, type Report } from './verify-slots.js';

export interface Finding {
  kind: FindingKind;
  /** Stream and version of the event that reveals it; null for one about the whole log. */
  stream: string | null;
  version: number | null;
  text: string;
}

/** Its fields have the names of the JSON document. */
export interface Verification {
  /** Whether all is as promised: nothing was found that is not `explained`. */
  proved: boolean;
  events: number;
  /** Events of types that this version does not know, as a newer one may have written: no fault, but not proved. */
  events_unknown: number;
  jobs: number;
  slots_started: number;
  slots_skipped: number;
  /** Slots that have come and are not settled yet, as after an outage: no fault, they are owed. */
  slots_waiting: number;
  oldest_waiting: Timestamp | null;
  reminders: number;
  /**
   * Reminders that the result of no run of our worker counts: the run is open, failed, was timed out or repeated, or is
   * performed elsewhere. No fault.
   */
  reminders_uncounted: number;
  /** How often a watermark was set back, after a clock had run ahead. */
  watermark_resets: number;
  /** Runs that are open past their deadline: no fault, they are timed out by the next start. */
  runs_overdue: number;
  /** How many of each were found. */
  found: Record<FindingKind, number>;
  /** Over all events of jobs and reminders; the streams of leases and instances keep only their last events. */
  head: LogHead;
}

export interface VerifyOptions {
  /** Versions that slots are recomputed with. */
  today: SlotVersions;
  /** Epoch milliseconds: slots up to then have come. */
  now: number;
  /** An earlier head of this log. Without it nothing proves that no events are missing at the end. */
  against?: LogHead | undefined;
  /** Another proof that the log holds what it once held: takes all events, and says at the end what is wrong. */
  held?: HeldProof | undefined;
  onFinding: (finding: Finding) => void;
  /** Called with the number of events read so far, from time to time. */
  onProgress: (events: number) => void;
}

export interface HeldProof {
  take: (recorded: RecordedEvent) => void;
  fault: () => Promise<string | undefined>;
}

interface JobProof {
  version: number;
  slots: ReturnType<typeof createSlotProof>;
  runs: ReturnType<typeof createRunProof>;
}

/**
 * Reads a log from its beginning to its end and proves the promises about slots, runs and reminders from the events
 * alone. Memory grows with the jobs and reminders, and by a few bytes for each run. @throws StoreError
 */
export async function verifyLog(log: EventLog, options: VerifyOptions): Promise<Verification> {
  const proof = createLogProof(options);
  const ending = new AbortController();
  const prefixes = [JOB_STREAM_PREFIX, REMINDER_STREAM_PREFIX];
  let events = 0;
  for await (const batch of log.subscribe({ from: START, prefixes, signal: ending.signal })) {
    for (const recorded of batch.events) {
      proof.take(recorded);
      options.held?.take(recorded);
    }
    events += batch.events.length;
    options.onProgress(events);
    if (batch.caughtUp) ending.abort();
  }
  return proof.end(await options.held?.fault());
}

function createLogProof({ today, now, against, onFinding }: VerifyOptions) {
  const found: Record<FindingKind, number> = { gap: 0, double: 0, broken: 0, head: 0, explained: 0 };
  const sum = { slots_started: 0, slots_skipped: 0, watermark_resets: 0 };
  const jobs = new Map<string, JobProof>();
  const events = createEventProof();
  const reminders = createReminderProof(today);
  const head = createHeadProof(against);

  function tell(finding: Finding): void {
    found[finding.kind]++;
    onFinding(finding);
  }

  function takeOfJob(
    { stream, version, metadata }: RecordedEvent,
    event: DomainEvent | undefined,
    report: Report,
  ): void {
    const job = jobs.get(stream) ?? { version: 0, slots: createSlotProof(today), runs: createRunProof() };
    jobs.set(stream, job);
    if (version !== job.version + 1) report('broken', `version ${version} follows ${job.version}`);
    job.version = version;
    if (event === undefined || !isJobEvent(event)) return;
    if (event.data.cron_id !== cronIdOf(stream)) report('broken', `belongs to ${event.data.cron_id}`);
    if (event.type === 'CronJobScheduled' && version > 1) report('broken', 'the job is scheduled again');
    if (event.type !== 'CronJobScheduled' && version === 1)
      report('broken', `${event.type} comes before the job was scheduled`);
    if (event.type === 'CronJobUpdated' && (event.data.reverted_to ?? 0) >= version)
      report('broken', `reverts to version ${event.data.reverted_to}, which has not been`);
    job.runs.take(event, report);
    const { actor, slot_engine_version, tzdata_version } = metadata;
    const versions = { slot_engine_version, tzdata_version };
    reminders.takeOfJob(event, { actor, versions }, report);
    job.slots.take(event, versions, report);
    if (event.type === 'RunStarted' && event.data.slot !== null) sum.slots_started++;
    if (event.type === 'WatermarkReset') sum.watermark_resets++;
    if (event.type === 'RunSkipped') sum.slots_skipped += event.data.count;
  }

  return {
    take(recorded: RecordedEvent): void {
      const { stream, version } = recorded;
      const report: Report = (kind, text) => {
        tell({ kind, stream, version, text });
      };
      head.take(recorded);
      const event = events.take(recorded, report);
      if (!stream.startsWith(REMINDER_STREAM_PREFIX)) takeOfJob(recorded, event, report);
      else reminders.take(recorded, event?.type === 'ReminderRequested' ? event : undefined, report);
    },
    /** @param notHeld what else has gone from the log */
    end(notHeld: string | undefined): Verification {
      for (const text of [head.fault(), notHeld])
        if (text !== undefined) tell({ kind: 'head', stream: null, version: null, text });
      const { reminders: requested, counted } = reminders.sum();
      return {
        proved: found.gap + found.double + found.broken + found.head === 0,
        events: head.head().count,
        events_unknown: events.unknown(),
        jobs: jobs.size,
        ...sum,
        ...waitingIn(jobs.values(), now),
        reminders: requested,
        reminders_uncounted: requested - counted,
        found,
        head: head.head(),
      };
    },
  };
}

/** What has come or is over by `now`, and has no event yet. */
function waitingIn(
  jobs: Iterable<JobProof>,
  now: number,
): Pick<Verification, 'slots_waiting' | 'oldest_waiting' | 'runs_overdue'> {
  let waiting = 0;
  let oldest = Infinity;
  let overdue = 0;
  for (const { slots, runs } of jobs) {
    overdue += runs.overdue(now);
    const range = slots.waiting(now);
    if (range === undefined) continue;
    oldest = Math.min(oldest, range.from);
    waiting += range.count;
  }
  return {
    slots_waiting: waiting,
    oldest_waiting: waiting === 0 ? null : toTimestamp(oldest),
    runs_overdue: overdue,
  };
}
