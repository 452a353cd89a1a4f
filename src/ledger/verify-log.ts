import { isJobEvent, parseEvent, UnreadableEventError, type DomainEvent } from '../events/parse-event.js';
import { cronIdOf, JOB_STREAM_PREFIX, REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import { START, type EventLog, type RecordedEvent } from '../ports/event-log.js';
import { createRunProof } from './verify-runs.js';
import type { SlotVersions } from '../schedule/slot-versions.js';
import { createSlotProof, type FindingKind } from './verify-slots.js';

export interface Finding {
  kind: FindingKind;
  stream: string;
  /** Version of the event that reveals it. */
  version: number;
  text: string;
}

export interface Verification {
  events: number;
  jobs: number;
  started: number;
  skipped: number;
  reminders: number;
  /** How often a watermark was set back, after a clock had run ahead. */
  resets: number;
  /** How many of each were found; a log is proved when all but `explained` are 0. */
  found: Record<FindingKind, number>;
  /** Slots that have come and are not settled yet, as after an outage: no fault, they are owed. */
  waiting: { slots: number; oldest: number | undefined };
  /** Runs that are open past their deadline: no fault, they are timed out by the next start. */
  overdue: number;
}

export interface VerifyOptions {
  /** Versions that slots are recomputed with. */
  today: SlotVersions;
  /** Epoch milliseconds: slots up to then have come. */
  now: number;
  onFinding: (finding: Finding) => void;
  /** Called with the number of events read so far, from time to time. */
  onProgress: (events: number) => void;
}

interface JobProof {
  version: number;
  slots: ReturnType<typeof createSlotProof>;
  runs: ReturnType<typeof createRunProof>;
}

/**
 * Reads a log from its beginning to its end and proves the promises about slots, runs and reminders from the events
 * alone. Memory grows with the jobs and reminders, not with their history. @throws StoreError
 */
export async function verifyLog(log: EventLog, options: VerifyOptions): Promise<Verification> {
  const { today, now, onFinding, onProgress } = options;
  const found: Record<FindingKind, number> = { gap: 0, double: 0, broken: 0, explained: 0 };
  const sum = { events: 0, started: 0, skipped: 0, reminders: 0, resets: 0 };
  const jobs = new Map<string, JobProof>();
  /** By stream: how many there are, and the threshold of the last one. */
  const reminders = new Map<string, { version: number; threshold: number }>();

  function take(recorded: RecordedEvent): void {
    const { stream, version, metadata } = recorded;
    const report = (kind: FindingKind, text: string): void => {
      found[kind]++;
      onFinding({ kind, stream, version, text });
    };
    const event = readEvent(recorded, report);
    if (stream.startsWith(REMINDER_STREAM_PREFIX)) {
      sum.reminders++;
      const last = reminders.get(stream) ?? { version: 0, threshold: Infinity };
      if (version !== last.version + 1) report('broken', `version ${version} follows ${last.version}`);
      const threshold = event?.type === 'ReminderRequested' ? event.data.threshold_days : last.threshold;
      if (event !== undefined && threshold >= last.threshold)
        report('broken', `a reminder ${threshold} days before follows one ${last.threshold} days before`);
      reminders.set(stream, { version, threshold });
      return;
    }
    const job = jobs.get(stream) ?? { version: 0, slots: createSlotProof(today), runs: createRunProof() };
    jobs.set(stream, job);
    if (version !== job.version + 1) report('broken', `version ${version} follows ${job.version}`);
    job.version = version;
    if (event === undefined || !isJobEvent(event)) return;
    if (event.data.cron_id !== cronIdOf(stream)) report('broken', `belongs to ${event.data.cron_id}`);
    job.runs.take(event, report);
    const { slot_engine_version, tzdata_version } = metadata;
    job.slots.take(event, { slot_engine_version, tzdata_version }, report);
    if (event.type === 'RunStarted' && event.data.slot !== null) sum.started++;
    if (event.type === 'WatermarkReset') sum.resets++;
    if (event.type === 'RunSkipped') sum.skipped += event.data.count;
  }

  const ending = new AbortController();
  const prefixes = [JOB_STREAM_PREFIX, REMINDER_STREAM_PREFIX];
  for await (const batch of log.subscribe({ from: START, prefixes, signal: ending.signal })) {
    batch.events.forEach(take);
    sum.events += batch.events.length;
    onProgress(sum.events);
    if (batch.caughtUp) ending.abort();
  }
  let overdue = 0;
  for (const { runs } of jobs.values()) overdue += runs.overdue(now);
  return { ...sum, jobs: jobs.size, found, waiting: waitingSlots(jobs.values(), now), overdue };
}

function readEvent(
  recorded: RecordedEvent,
  report: (kind: FindingKind, text: string) => void,
): DomainEvent | undefined {
  try {
    return parseEvent(recorded);
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    report('broken', error.message);
    return undefined;
  }
}

function waitingSlots(jobs: Iterable<JobProof>, now: number): Verification['waiting'] {
  const waiting: Verification['waiting'] = { slots: 0, oldest: undefined };
  for (const { slots } of jobs) {
    const range = slots.waiting(now);
    if (range === undefined) continue;
    waiting.oldest = Math.min(waiting.oldest ?? range.from, range.from);
    waiting.slots += range.count;
  }
  return waiting;
}
