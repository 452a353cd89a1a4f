import type { RecordedEvent } from '../ports/event-log.js';
import { FIRST_HEAD, headAfter, type LogHead } from './log-head.js';

/** Computes the head of a log, event by event, and proves that the log begins with all that an earlier head names. */
export function createHeadProof(against: LogHead | undefined) {
  let head = FIRST_HEAD;
  /** The head where the given one was taken. */
  let there = against?.count === 0 ? head : undefined;

  return {
    take(recorded: RecordedEvent): void {
      head = headAfter(head, recorded);
      if (head.count === against?.count) there = head;
    },
    head: (): LogHead => head,
    /** What is wrong once the end of the log is reached; undefined when nothing is, or no head was given. */
    fault(): string | undefined {
      if (against === undefined) return undefined;
      const { count, position, hash } = against;
      if (there === undefined)
        return `the log has lost its end: it holds ${head.count} events, the head names ${count}`;
      if (there.hash !== hash) return `the first ${count} events are others than those of the head`;
      if (there.position !== position)
        return `the first ${count} events are those of the head, but lie elsewhere: the last at ${there.position}, not at ${position}`;
      return undefined;
    },
  };
}
