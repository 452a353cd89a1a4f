import type { Clock } from '../ports/clock.js';

/**
 * What is ready together runs in one turn of the event loop: twenty queries of 3 ms each block it for 60 ms, as one long
 * query does. So all such work of the process shares the time of each turn.
 */
const MOST_MS = 4;
/** Waiting for a turn costs more than a tiny piece of work. */
const SLICE_MS = 1;

/** While more pieces than these wait, work that is new waits for them; but for so many turns at most. */
const MOST_BEFORE_NEW = 8;
const MOST_TURNS_FOR_NEW = 50;

interface Turn {
  /** When its first piece of work began, monotonic milliseconds; undefined when none has begun yet. */
  since: number | undefined;
  /** Continues with the next piece of work that waits. */
  goOn: (() => void) | undefined;
  /** The last piece that was let in, or waits. */
  last: Promise<void>;
  /** Pieces that are not let in yet. */
  waiting: number;
  /** The last new work that was let in, or waits. */
  lastNew: Promise<void>;
}

/** By clock: a test may have several of them, and time in each. */
const turns = new WeakMap<Clock, Turn>();

/**
 * Resolves when a piece of work of at most some milliseconds may begin, in the order of the calls: at once, while this
 * turn of the event loop has time left; else in a later turn. Called right before each piece.
 */
export function turnWithTime(clock: Clock): Promise<void> {
  const turn = turnOf(clock);
  turn.waiting++;
  // One after the other: the time that one takes counts before the next one is let in.
  turn.last = turn.last.then(() => {
    turn.waiting--;
    return letIn(clock, turn);
  });
  return turn.last;
}

/**
 * The same for work that is new, as a request is: what has been begun is finished first. So however many requests come,
 * few are under way, and those are done soon: one that waits before it begins need not wait in the middle, too.
 */
export function turnForNew(clock: Clock): Promise<void> {
  const turn = turnOf(clock);
  turn.lastNew = turn.lastNew.then(async () => {
    for (let waited = 0; turn.waiting > MOST_BEFORE_NEW && waited < MOST_TURNS_FOR_NEW; waited++)
      await clock.yield();
    await turnWithTime(clock);
  });
  return turn.lastNew;
}

/** Has two clocks of one process share the time of each turn: there is one event loop. */
export function shareTurns(clock: Clock, other: Clock): void {
  turns.set(clock, turnOf(other));
}

function turnOf(clock: Clock): Turn {
  const turn = turns.get(clock) ?? {
    since: undefined,
    goOn: undefined,
    last: Promise.resolve(),
    waiting: 0,
    lastNew: Promise.resolve(),
  };
  turns.set(clock, turn);
  return turn;
}

function letIn(clock: Clock, turn: Turn): Promise<void> | undefined {
  if (turn.since === undefined) begin(clock, turn);
  else if (clock.monotonic() - turn.since >= MOST_MS) return new Promise((resolve) => (turn.goOn = resolve));
  return undefined;
}

function begin(clock: Clock, turn: Turn): void {
  turn.since = clock.monotonic();
  void clock.yield().then(() => {
    turn.since = undefined;
    const { goOn } = turn;
    if (goOn === undefined) return;
    turn.goOn = undefined;
    begin(clock, turn);
    goOn();
  });
}

/**
 * For a loop over many tiny pieces of work: called before each, and waits for a turn with time now and then.
 * @param sliceMs how long it goes on without, milliseconds: ten at most
 */
export function inSlices(clock: Clock, sliceMs = SLICE_MS): () => Promise<void> {
  let since = -Infinity;
  return async () => {
    if (clock.monotonic() - since < sliceMs) return;
    await turnWithTime(clock);
    since = clock.monotonic();
  };
}
