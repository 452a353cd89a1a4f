import { FLEET_STREAM } from '../events/stream-names.js';
import { createFollower, type Follower } from '../following/follower.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import { readSigns, toSignRecord, type SignRecord } from './sign-record.js';

export interface FleetFollowerDependencies {
  log: EventLog;
  clock: Clock;
  logger: Logger;
  /** Called with the last signs, oldest first, whenever following begins. */
  begin: (history: readonly SignRecord[]) => Promise<void>;
  /** Called with each later one, at least once. */
  onSign: (sign: SignRecord, id: string) => void;
}

/** Follows the signs of life of all instances. */
export function createFleetFollower(dependencies: FleetFollowerDependencies): Pick<Follower, 'run'> {
  const { log, clock, logger, begin, onSign } = dependencies;
  return createFollower({
    log,
    clock,
    logger,
    prefixes: [FLEET_STREAM],
    pauses: { firstMs: 100, longestMs: 2_000 },
    faultText: 'following the signs of life failed; retrying',
    async resume() {
      // The head first: a sign between it and the read is delivered twice, and none is missed.
      const from = await log.head();
      await begin(await readSigns(log));
      return {
        from,
        take({ events }) {
          for (const event of events) {
            const sign = event.stream === FLEET_STREAM ? toSignRecord(event) : undefined;
            if (sign !== undefined) onSign(sign, event.id);
          }
          return Promise.resolve();
        },
      };
    },
  });
}
