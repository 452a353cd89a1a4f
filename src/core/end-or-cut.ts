import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import type { MessageBus } from '../ports/message-bus.js';
import { inTime } from '../waiting/in-time.js';

const ENDS_WITHIN_MS = 2_000;

/**
 * Waits for work that is ending. When brokers hang, it closes the bus, which ends the work waiting for them; when a
 * store hangs, it abandons the work waiting for it. The next start resumes from what is stored.
 */
export async function endOrCut(
  ending: Promise<unknown>,
  { clock, logger, bus }: { clock: Clock; logger: Logger; bus: MessageBus | undefined },
): Promise<void> {
  const ended = ending.then(() => true);
  if (await inTime(clock, ENDS_WITHIN_MS, ended)) return;
  await bus?.close();
  if (await inTime(clock, ENDS_WITHIN_MS, ended)) return;
  logger.warn({}, 'a store hangs; abandoning the work that waits for it');
}
