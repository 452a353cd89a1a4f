import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';

const SUSPICIOUS_STEP_MS = 5 * 60_000;
const HOLD_MS = 60_000;

/**
 * Watches the wall clock against the monotonic one. When they diverge by more than 5 minutes (a clock set wrong, or set
 * right; a suspended machine), scheduling holds for 60 s, so that a step that is soon undone does no harm; then the new
 * time counts.
 * @returns whether scheduling must hold; ask again whenever it is about to act
 */
export function createClockGuard(clock: Clock, logger: Logger): () => boolean {
  let trusted = clock.now() - clock.monotonic();
  let heldSince: number | undefined;

  return () => {
    const offset = clock.now() - clock.monotonic();
    if (Math.abs(offset - trusted) <= SUSPICIOUS_STEP_MS) {
      heldSince = undefined;
      return false;
    }
    if (heldSince === undefined) {
      heldSince = clock.monotonic();
      const fields = { step_ms: Math.round(offset - trusted), hold_ms: HOLD_MS };
      logger.error(
        fields,
        'wall clock stepped: scheduling pauses, then continues by the new time; check the time source',
      );
    }
    if (clock.monotonic() - heldSince < HOLD_MS) return true;
    trusted = offset;
    heldSince = undefined;
    return false;
  };
}
