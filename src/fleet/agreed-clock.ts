import type { Clock } from '../ports/clock.js';
import { shareTurns } from '../waiting/turn-with-time.js';
import { agree } from './agreed-offset.js';

/**
 * The clock that everything is decided by. It follows the machine's wall clock, but not where that steps by more than
 * the tolerance: then it goes on by the monotonic clock, until it is told which time is right. So a clock set wrong
 * decides nothing, not even between its step and the next look at it.
 */
export interface AgreedClock extends Clock {
  /** The agreed time minus the monotonic one, milliseconds. */
  offset(): number;
  /** This machine's wall clock minus the monotonic one, milliseconds. */
  ownOffset(): number;
  /** Whether this machine's wall clock shows another time than the agreed one. */
  isOff(): boolean;
  /** From now on the agreed time is the monotonic one plus `offset`. */
  goBy(offset: number): void;
}

/** A change of the offset by less than this is no step: the time service turns the clock's rate. */
const SMALLEST_STEP_MS = 1_000;

/** @param onStep called when the wall clock is found to have left the agreed time, or to be back */
export function createAgreedClock(clock: Clock, onStep: () => void): AgreedClock {
  const ownOffset = (): number => clock.now() - clock.monotonic();
  const bootOffset = (): number => clock.now() - clock.sinceBoot();
  let offset = ownOffset();
  let sinceBoot = bootOffset();
  let isOff = false;

  function follow(own: number): void {
    // One that was off has stepped since, however well it agrees now.
    if (isOff || Math.abs(own - offset) > SMALLEST_STEP_MS) sinceBoot = bootOffset();
    offset = own;
    isOff = false;
  }

  function look(): number {
    const own = ownOffset();
    // The clock since boot counts on while the machine is suspended: waking up is no step.
    const isRight = agree(own, offset) || (!isOff && agree(bootOffset(), sinceBoot));
    const wasOff = isOff;
    if (isRight) follow(own);
    else isOff = true;
    if (isOff !== wasOff) onStep();
    return offset;
  }

  const agreedClock: AgreedClock = {
    now: () => Math.floor(look() + clock.monotonic()),
    monotonic: () => clock.monotonic(),
    sinceBoot: () => clock.sinceBoot(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    yield: () => clock.yield(),
    offset: look,
    ownOffset,
    isOff() {
      look();
      return isOff;
    },
    goBy(agreed) {
      offset = agreed;
      // What it was compared with so far may have been the wrong time.
      isOff = true;
      const own = ownOffset();
      if (agree(own, offset)) follow(own);
    },
  };
  shareTurns(agreedClock, clock);
  return agreedClock;
}
