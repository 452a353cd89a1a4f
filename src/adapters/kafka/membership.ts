import { abortWith } from '../../waiting/abort-with.js';
import type { Clock } from '../../ports/clock.js';
import type { Pauses } from '../../waiting/pauses.js';

/** A consumer's place in its group, from joining it until it is lost or left. */
export interface Membership {
  /** Aborts when the partitions are lost, with the cause. `joined` replaces it. */
  readonly lost: AbortSignal;
  /** Aborts when the partitions are lost or the consumer is ending. `joined` replaces it. */
  readonly giveUp: AbortSignal;
  isEnding(): boolean;
  /** Resolves after `ms`, or when the consumer is to end. */
  pause(ms: number): Promise<void>;
  /** The pauses before redelivery of a partition's messages. */
  readonly pausesOf: (partition: number) => Pauses;
  joined(partitions: readonly number[]): void;
  lose(error: unknown): void;
  /** Whether a partition was given to it when it last joined. */
  owns(partition: number): boolean;
  /** Registers `work` on the messages of a partition, for `idle` to wait for. */
  inHand<T>(partition: number, work: Promise<T>): Promise<T>;
  isBusy(partition?: number): boolean;
  /** Resolves when nothing is in hand. */
  idle(): Promise<void>;
}

export function createMembership(
  clock: Clock,
  ending: AbortSignal,
  pausesOf: (partition: number) => Pauses,
): Membership {
  let lost = new AbortController();
  let giveUp = abortWith(ending, lost.signal);
  let owned: ReadonlySet<number> = new Set();
  const working = new Map<number, Promise<unknown>>();
  return {
    get lost() {
      return lost.signal;
    },
    get giveUp() {
      return giveUp.signal;
    },
    isEnding: () => ending.aborted,
    pause: (ms) => clock.sleep(ms, ending),
    pausesOf,
    joined(partitions) {
      lost.abort(new Error('the group was joined anew'));
      lost = new AbortController();
      giveUp = abortWith(ending, lost.signal);
      owned = new Set(partitions);
    },
    lose(error) {
      lost.abort(error);
    },
    owns: (partition) => owned.has(partition),
    async inHand(partition, work) {
      working.set(partition, work);
      try {
        return await work;
      } finally {
        working.delete(partition);
      }
    },
    isBusy: (partition) => (partition === undefined ? working.size > 0 : working.has(partition)),
    async idle() {
      await Promise.allSettled(working.values());
    },
  };
}
