import type { Clock } from '../ports/clock.js';
import { START, type EventLog, type Position } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import { mayPass } from '../ports/store-error.js';
import { createPauses } from './pauses.js';

const PAUSES = { firstMs: 250, longestMs: 5_000 };

/**
 * Nothing can start without the log, so each start waits for it: until it answers, or `signal` aborts.
 * @returns the position of its last event; START when `signal` has aborted
 * @throws StoreError when waiting will not help
 */
export async function whenLogAnswers(
  { log, clock, logger }: { log: EventLog; clock: Clock; logger: Logger },
  signal: AbortSignal,
): Promise<Position> {
  const pauses = createPauses(PAUSES);
  while (!signal.aborted) {
    try {
      return await log.head();
    } catch (error) {
      if (!mayPass(error)) throw error;
      const pauseMs = pauses.next();
      logger.warn({ err: error, again_in_ms: pauseMs }, 'event log not reachable yet; waiting for it');
      await clock.sleep(pauseMs, signal);
    }
  }
  return START;
}
