import type { Leadership } from '../leadership/leadership.js';
import type { Messaging } from '../messaging/messaging.js';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type { MessageBus } from '../ports/message-bus.js';
import { endOrCut } from './end-or-cut.js';
import type { LeaderDuties } from './leader-duties.js';
import type { Service } from './services.js';

/** What runs as long as the service does. */
export interface Ordered {
  fleet: { run: Service['run']; agreed: Promise<void> };
  jobs: { run: Service['run']; caughtUp: Promise<void> };
  scheduler: { standBy: Service['run'] };
  leadership: Pick<Leadership, 'run'>;
  duties: LeaderDuties;
  messaging: Pick<Messaging, 'consume'> | undefined;
}

/** A stop does not wait for work on a hung store: the next start resumes from what is stored. */
const ENDS_WITHIN_MS = 2_000;

/** In the order of their start: what builds on something comes after it. */
export function serviceOrder(
  { fleet, jobs, scheduler, leadership, duties, messaging }: Ordered,
  { clock, logger, bus }: { clock: Clock; logger: Logger; bus: MessageBus | undefined },
): Service[] {
  const working = async (signal: AbortSignal): Promise<void> => {
    const consuming = messaging?.consume(signal);
    await leadership.run(duties.lead, signal);
    await endOrCut(Promise.all([consuming, duties.ended()]), { clock, logger, bus });
  };
  return [
    // What is decided needs the time.
    { run: fleet.run, ready: fleet.agreed, endsWithinMs: ENDS_WITHIN_MS },
    // The fold follows the log until everything that decides on it has ended.
    { run: jobs.run, ready: jobs.caughtUp, endsWithinMs: ENDS_WITHIN_MS },
    { run: scheduler.standBy, endsWithinMs: ENDS_WITHIN_MS },
    { run: working },
  ];
}
