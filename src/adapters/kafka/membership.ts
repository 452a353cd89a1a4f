import type { Clock } from '../../ports/clock.js';
import type { BackOff } from './back-off.js';

/** A consumer's place in its group, from joining it until it is lost or left. */
export interface Membership {
  /** Aborts when the partitions are lost, with the error that says so. Another one after `joined`. */
  readonly lost: AbortSignal;
  /** Aborts when the partitions are lost or the consumer is to end. Another one after `joined`. */
  readonly giveUp: AbortSignal;
  isEnding(): boolean;
  /** Resolves after `ms`, or when the consumer is to end. */
  pause(ms: number): Promise<void>;
  readonly backOff: BackOff<number>;
  joined(): void;
  lose(error: unknown): void;
  /** As `work`, which `idle` then waits for. */
  inHand<T>(work: Promise<T>): Promise<T>;
  /** Resolves when nothing is in hand. */
  idle(): Promise<void>;
}

export function createMembership(clock: Clock, ending: AbortSignal, backOff: BackOff<number>): Membership {
  let lost = new AbortController();
  let giveUp = AbortSignal.any([ending, lost.signal]);
  const working = new Set<Promise<unknown>>();
  return {
    get lost() {
      return lost.signal;
    },
    get giveUp() {
      return giveUp;
    },
    isEnding: () => ending.aborted,
    pause: (ms) => clock.sleep(ms, ending),
    backOff,
    joined() {
      // Joining anew may come from one broker's answer while messages of another one are in hand.
      lost.abort(new Error('the group was joined anew'));
      lost = new AbortController();
      giveUp = AbortSignal.any([ending, lost.signal]);
    },
    lose(error) {
      lost.abort(error);
    },
    async inHand(work) {
      working.add(work);
      try {
        return await work;
      } finally {
        working.delete(work);
      }
    },
    async idle() {
      await Promise.allSettled(working);
    },
  };
}
