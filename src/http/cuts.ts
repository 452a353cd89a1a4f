import type { Socket } from 'node:net';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';

/** Which limit was reached: of connections, of unsent bytes, of waiting requests, of the time for taking an answer. */
export type CutReason = 'full' | 'unsent' | 'waiting' | 'not_taken';

const TOLD_EVERY_MS = 60_000;

/** Cuts connections, and tells how many at most once a minute: whoever attacks must not fill the log instead. */
export function createCuts({ clock, logger }: { clock: Clock; logger: Logger }) {
  let counts: Partial<Record<CutReason, number>> = {};
  let toldAt = -Infinity;
  return {
    cut(socket: Socket, reason: CutReason): void {
      socket.destroy();
      counts[reason] = (counts[reason] ?? 0) + 1;
      if (clock.monotonic() - toldAt < TOLD_EVERY_MS) return;
      toldAt = clock.monotonic();
      logger.warn(counts, 'connections cut: clients have reached a limit');
      counts = {};
    },
  };
}
