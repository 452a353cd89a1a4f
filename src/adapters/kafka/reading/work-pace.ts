import type { Clock } from '../../../ports/clock.js';

/** Lets long work give way to other work of the process. */
export interface WorkPace {
  /** Whether it is time to give way, after so much more work; then `giveWay` is due. */
  isDue(work: number): boolean;
  giveWay(): Promise<void>;
}

/** In bytes read or written: a few milliseconds at most. */
const WORK = 65_536;

export function createWorkPace(clock: Pick<Clock, 'yield'>): WorkPace {
  let done = 0;
  return {
    isDue(work) {
      done += work;
      return done >= WORK;
    },
    async giveWay() {
      done = 0;
      await clock.yield();
    },
  };
}
