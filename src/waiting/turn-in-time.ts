import type { Clock } from '../ports/clock.js';
import { inTime } from './in-time.js';
import type { Turns } from './turns.js';

/**
 * A turn, if it comes within `ms` milliseconds. One that comes later is given back at once.
 * @returns ends the turn; undefined when there is none
 */
export async function turnInTime(turns: Turns, clock: Clock, ms: number): Promise<(() => void) | undefined> {
  const turn = turns.take();
  const end = await inTime(clock, ms, turn);
  if (end === undefined)
    void turn.then((endLate) => {
      endLate();
    });
  return end;
}
