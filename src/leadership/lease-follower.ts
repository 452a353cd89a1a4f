import { createFollower, type Follower } from '../following/follower.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import { readLease, toLeaseRecord, type LeaseRecord } from './lease-record.js';

export interface LeaseFollowerDependencies {
  log: EventLog;
  clock: Clock;
  logger: Logger;
  stream: string;
  /** Called with the newest record, then with each later one, at least once. */
  onRecord: (record: LeaseRecord | undefined) => void;
}

/** Follows a lease's stream. */
export function createLeaseFollower(dependencies: LeaseFollowerDependencies): Pick<Follower, 'run'> {
  const { log, clock, logger, stream, onRecord } = dependencies;
  return createFollower({
    log,
    clock,
    logger,
    prefixes: [stream],
    pauses: { firstMs: 100, longestMs: 2_000 },
    faultText: 'following the lease failed; retrying',
    fields: { stream },
    async resume() {
      // The head first: a record between it and the read is delivered twice, and none is missed.
      const from = await log.head();
      onRecord(await readLease(log, stream));
      return {
        from,
        take({ events }) {
          for (const event of events) if (event.stream === stream) onRecord(toLeaseRecord(event));
          return Promise.resolve();
        },
      };
    },
  });
}
