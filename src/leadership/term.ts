import type { Clock } from '../ports/clock.js';

/** What a leader is given: the right to lead, for as long as it can be sure of it. */
export interface Term {
  /** Goes into the metadata of what is decided in it. */
  readonly number: number;
  /** Aborts when the term is over, for whatever reason. */
  readonly signal: AbortSignal;
  /**
   * To be asked right before acting. The clock decides and not a timer: a process that was stopped for a while goes on
   * where it was, before any timer has run.
   * @throws TermOverError
   */
  assertHeld: () => void;
}

/** The leader has lost its lease: whatever it was about to do is for its successor to decide. */
export class TermOverError extends Error {
  override readonly name = 'TermOverError';
}

/** A term as the one sees it who keeps it up. */
export interface HeldTerm extends Term {
  /** Whether it still is; ends it when its time has run out. */
  isHeld(): boolean;
  /** The lease was renewed by a call that began at `from`, monotonic milliseconds. */
  extend(from: number): void;
  /** Someone else may lead from now on, or does already. */
  lose(reason: string): void;
  /** We want no more; the lease is still ours, until it is released. */
  resign(): void;
  /** Why it was lost; undefined when it was not. */
  lostBecause(): string | undefined;
  /** Monotonic milliseconds: when it ends if it is not extended before. */
  endsAt(): number;
}

/**
 * @param from when the call began that took the lease, monotonic milliseconds. Others count from when they have seen its
 *   outcome, which is later
 * @param forMs how long it holds from the beginning of the last call that renewed it: shorter than the lease, so that it
 *   is over before anyone else may take it
 */
export function createTerm(clock: Clock, number: number, from: number, forMs: number): HeldTerm {
  const over = new AbortController();
  let endsAt = from + forMs;
  let lost: string | undefined;

  function lose(reason: string): void {
    lost ??= reason;
    over.abort();
  }

  function isHeld(): boolean {
    if (!over.signal.aborted && clock.monotonic() >= endsAt) lose('the lease could not be renewed in time');
    return !over.signal.aborted;
  }

  return {
    number,
    signal: over.signal,
    isHeld,
    assertHeld() {
      if (!isHeld()) throw new TermOverError(`term ${number} is over: ${lost ?? 'this instance stops'}`);
    },
    extend(since) {
      endsAt = Math.max(endsAt, since + forMs);
    },
    lose,
    resign: () => {
      over.abort();
    },
    lostBecause: () => lost,
    endsAt: () => endsAt,
  };
}
