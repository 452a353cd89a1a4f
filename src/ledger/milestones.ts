import { isJobEvent, parseEvent } from '../events/parse-event.js';
import type { EventLog, RecordedEvent } from '../ports/event-log.js';
import { createTurns, type Turns } from '../waiting/turns.js';
import { outcomeOf, recordAfter, type JobRecord } from './job-record.js';

/** How to read a long stream beside other work. */
export interface Reading {
  /** Called before each piece of work, which takes some microseconds: waits for its turn. */
  nextSlice: () => Promise<void>;
  /** Ends it early: nobody waits for the answer any more. */
  signal: AbortSignal;
}

/** The records of jobs at any version of their streams. What was walked over once need not be walked over again. */
export interface Milestones {
  /**
   * The record after the event of that version, undefined before the first one. A long stream takes seconds the first
   * time. It is not right when the signal has aborted.
   * @throws StoreError
   */
  recordAt(stream: string, version: number, reading: Reading): Promise<JobRecord | undefined>;
}

/** A record, and the event that led to it: a log that was restored has another one there. */
interface Milestone {
  version: number;
  eventId: string;
  record: JobRecord | undefined;
}

interface Known {
  /** By version. */
  milestones: Milestone[];
  /** Who asks while another one walks finds its milestones. */
  turns: Turns;
}

const PAGE = 100;
const EVERY_VERSIONS = 1_000;
const MOST_STREAMS = 200;
/** Everything else of a stream moves the watermark at most. */
const CHANGES: ReadonlySet<string> = new Set([
  'CronJobScheduled',
  'CronJobUpdated',
  'CronJobDeleted',
  'CronJobRestored',
  'ScheduleFailed',
  'WatermarkReset',
]);

export function createMilestones(log: EventLog): Milestones {
  /** The stream that was asked for last is the last one. */
  const ofStreams = new Map<string, Known>();

  function knownOf(stream: string): Known {
    const known = ofStreams.get(stream) ?? { milestones: [], turns: createTurns(1) };
    ofStreams.delete(stream);
    ofStreams.set(stream, known);
    const [oldest] = ofStreams.keys();
    if (ofStreams.size > MOST_STREAMS && oldest !== undefined) ofStreams.delete(oldest);
    return known;
  }

  async function walk(
    milestones: Milestone[],
    { stream, version }: { stream: string; version: number },
    reading: Reading,
  ): Promise<JobRecord | undefined> {
    let start = milestones.findLast((milestone) => milestone.version <= version);
    if (start !== undefined && !(await isStillThere(stream, start))) {
      milestones.length = 0;
      start = undefined;
    }
    let record = start?.record;
    for (let from = (start?.version ?? 0) + 1; from <= version && !reading.signal.aborted; from += PAGE) {
      const limit = Math.min(PAGE, version + 1 - from);
      const events = await log.readStream(stream, { direction: 'forwards', from, limit });
      await reading.nextSlice();
      record = recordAfterAll(record, events);
      const last = events.at(-1);
      if (last === undefined) break;
      const newest = milestones.at(-1)?.version ?? 0;
      if (last.version >= newest + EVERY_VERSIONS)
        milestones.push({ version: last.version, eventId: last.id, record });
    }
    return record;
  }

  async function isStillThere(stream: string, { version, eventId }: Milestone): Promise<boolean> {
    const [event] = await log.readStream(stream, { direction: 'forwards', from: version, limit: 1 });
    return event?.id === eventId;
  }

  return {
    async recordAt(stream, version, reading) {
      if (version < 1) return undefined;
      const { milestones, turns } = knownOf(stream);
      const endTurn = await turns.take();
      try {
        return await walk(milestones, { stream, version }, reading);
      } finally {
        endTurn();
      }
    },
  };
}

/** Reading an event in full takes longer than reading it from the log: of those between two changes, only the last counts. */
function recordAfterAll(
  record: JobRecord | undefined,
  events: readonly RecordedEvent[],
): JobRecord | undefined {
  let after = record;
  let between: RecordedEvent[] = [];
  for (const recorded of events) {
    if (!CHANGES.has(recorded.type)) {
      between.push(recorded);
      continue;
    }
    after = apply(afterLastOutcome(after, between), recorded);
    between = [];
  }
  return afterLastOutcome(after, between);
}

function afterLastOutcome(
  record: JobRecord | undefined,
  events: readonly RecordedEvent[],
): JobRecord | undefined {
  const last = events.findLast((recorded) => {
    const event = parseEvent(recorded);
    return event !== undefined && isJobEvent(event) && outcomeOf(event) !== undefined;
  });
  return last === undefined ? record : apply(record, last);
}

function apply(record: JobRecord | undefined, recorded: RecordedEvent): JobRecord | undefined {
  const event = parseEvent(recorded);
  return event !== undefined && isJobEvent(event) ? recordAfter(record, event) : record;
}
