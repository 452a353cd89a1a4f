import type { Clock } from '../ports/clock.js';
import { START, type EventLog, type Position } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import { mayPass } from '../ports/store-error.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Without the log nothing can begin, so whoever begins waits for it: until it answers, or `signal` aborts.
 * @returns the position of its last event; START when `signal` has aborted
 * @throws StoreError when waiting will not help
 */
export async function whenLogAnswers(
  { log, clock, logger }: { log: EventLog; clock: Clock; logger: Logger },
  signal: AbortSignal,
): Promise<Position> {
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await log.head();
    } catch (error) {
      if (!mayPass(error)) throw error;
      logger.warn({ err: error, again_in_ms: pause }, 'the event log does not answer yet; waiting for it');
    }
    await clock.sleep(pause, signal);
  }
  return START;
}
