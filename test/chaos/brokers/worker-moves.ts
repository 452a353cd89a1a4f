import { setTimeout as pause } from 'node:timers/promises';
import type { Dice } from '../../simulation/dice.js';
import type { Fleet } from '../fleet.js';

export interface WorkerMoves {
  /** How often it was started, and ended. */
  moves(): number;
  stop(): Promise<void>;
}

/** Starts and ends an instance again and again, by kills and by SIGTERM in turn: the partitions move each time. */
export function moveWorker(fleet: Fleet, index: number, dice: Dice, longestMs: number): WorkerMoves {
  const stopping = new AbortController();
  let moves = 0;
  /** @returns whether it goes on */
  const wait = (): Promise<boolean> =>
    pause(longestMs * (0.3 + 0.7 * dice.random()), true, { signal: stopping.signal }).catch(() => false);

  async function move(): Promise<void> {
    for (let turn = 0; await wait(); turn++) {
      if (turn % 2 === 0) await fleet.start(index);
      else await (turn % 4 === 1 ? fleet.kill(index) : fleet.terminate(index));
      moves++;
    }
  }

  const moving = move();
  return {
    moves: () => moves,
    async stop() {
      stopping.abort();
      await moving;
    },
  };
}
