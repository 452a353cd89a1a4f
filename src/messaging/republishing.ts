import type { Position, RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';

/** What is still wanted of what the log has asked others to do. */
export interface StillWanted {
  /** Resolves when the rest can tell of all events up to a position, or `signal` aborts. @throws StoreError */
  whenKnown: (position: Position, signal: AbortSignal) => Promise<void>;
  /** Whether the run that an event has started is open. */
  isOpen: (event: RecordedEvent) => boolean;
  /** Those of the events that ask for a reminder that is still due. @throws StoreError */
  stillDue: (events: readonly RecordedEvent[], signal: AbortSignal) => Promise<ReadonlySet<RecordedEvent>>;
}

/**
 * The log up to where it ended when publishing began with empty topics. All of it goes to the topic of all events; but
 * nobody shall perform the runs of years, or mail their reminders: of them only those go out that are still wanted.
 */
export interface Republishing {
  /** Whether an event is republished. */
  has: (event: RecordedEvent) => boolean;
  /** Those of a slice that go to the topic of all events alone. */
  leftOut: (slice: readonly RecordedEvent[], signal: AbortSignal) => Promise<ReadonlySet<RecordedEvent>>;
  /** Counts a slice that is in the topics. */
  note: (slice: readonly RecordedEvent[], leftOut: ReadonlySet<RecordedEvent>) => void;
  /** Everything up to a position is in the topics: tells once that it is over, and what went where. */
  reach: (position: Position) => void;
}

/** @param upTo where it ended; START when nothing is republished */
export function createRepublishing(
  upTo: Position,
  { wanted, logger }: { wanted: StillWanted; logger: Logger },
): Republishing {
  const counts = { events: 0, runs: 0, runs_left_out: 0, reminders: 0, reminders_left_out: 0 };
  let isKnown = false;
  let isOver = false;
  const has = ({ position }: RecordedEvent): boolean => position <= upTo;

  return {
    has,
    async leftOut(slice, signal) {
      const asking = slice.filter((event) => has(event) && (isRun(event) || isReminder(event)));
      if (asking.length === 0) return new Set();
      if (!isKnown) await wanted.whenKnown(upTo, signal);
      isKnown = true;
      const due = await wanted.stillDue(asking.filter(isReminder), signal);
      return new Set(asking.filter((event) => (isRun(event) ? !wanted.isOpen(event) : !due.has(event))));
    },
    note(slice, leftOut) {
      for (const event of slice.filter(has)) {
        counts.events++;
        if (isRun(event)) counts[leftOut.has(event) ? 'runs_left_out' : 'runs']++;
        if (isReminder(event)) counts[leftOut.has(event) ? 'reminders_left_out' : 'reminders']++;
      }
    },
    reach(position) {
      if (isOver || position < upTo) return;
      isOver = true;
      if (counts.events > 0) logger.info({ up_to: upTo, ...counts }, 'the log so far is published');
    },
  };
}

function isRun({ type }: RecordedEvent): boolean {
  return type === 'RunStarted';
}

function isReminder({ type }: RecordedEvent): boolean {
  return type === 'ReminderRequested';
}
