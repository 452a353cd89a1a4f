import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import { mayPass } from '../ports/store-error.js';
import { readLease, toLeaseRecord, type LeaseRecord } from './lease-record.js';

export interface FollowLease {
  log: EventLog;
  clock: Clock;
  logger: Logger;
  stream: string;
  /** Told of the newest record, then of each later one, at least once. */
  onRecord: (record: LeaseRecord | undefined) => void;
  signal: AbortSignal;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** Follows a lease's stream until `signal` aborts. Faults are logged and met again after a pause. */
export async function followLease(options: FollowLease): Promise<void> {
  const { log, clock, logger, stream, onRecord, signal } = options;
  const isOver = (): boolean => signal.aborted;
  let pause = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      // The end first: what comes between it and the reading is told twice, and nothing is missed.
      const from = await log.head();
      onRecord(await readLease(log, stream));
      for await (const { events } of log.subscribe({ from, prefixes: [stream], signal })) {
        for (const event of events) if (event.stream === stream) onRecord(toLeaseRecord(event));
        pause = FIRST_PAUSE_MS;
      }
    } catch (error) {
      if (isOver()) return;
      const level = mayPass(error) ? 'warn' : 'error';
      logger[level]({ err: error, stream, again_in_ms: pause }, 'the lease cannot be followed; tried again');
      await clock.sleep(pause, signal);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }
}
