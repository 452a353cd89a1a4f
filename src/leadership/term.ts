import type { Clock } from '../ports/clock.js';

/** A leader's right to lead, for as long as it can be sure of it. */
export interface Term {
  /** Recorded in the metadata of every event decided in this term. */
  readonly number: number;
  /** Aborts when the term is over, for whatever reason. */
  readonly signal: AbortSignal;
  /**
   * Call right before acting. The clock decides, not a timer: a paused process resumes where it was, before any timer
   * has fired.
   * @throws TermOverError
   */
  assertHeld: () => void;
}

/** The term is over: the leader leaves pending decisions to its successor. */
export class TermOverError extends Error {
  override readonly name = 'TermOverError';
}

/** The holder's view of a term. */
export interface HeldTerm extends Term {
  /** Whether the term is still held; ends it when its time has run out. */
  isHeld(): boolean;
  /** Extends the term after a renewal whose call began at `from`, monotonic milliseconds. */
  extend(from: number): void;
  /** Ends the term: another instance leads, or may from now on. */
  lose(reason: string): void;
  /** Ends the term voluntarily; the lease stays ours until it is released. */
  resign(): void;
  /** Why it was lost; undefined when it was not. */
  lostBecause(): string | undefined;
  /** When it ends unless extended, monotonic milliseconds. */
  endsAt(): number;
}

/**
 * @param from start of the call that took the lease, monotonic milliseconds. Others count from when they see its
 *   outcome, which is later
 * @param forMs how long it lasts from the start of the last call that renewed it: shorter than the lease, so that it is
 *   over before another instance may take it
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
