const ROUNDS = 3;
const CALLS_AT_A_STRETCH = 32;

/** What was answered goes here, so that no call can be left out as useless. */
let answered = 0;

/**
 * The best of three rounds, each of at least `roundMs` milliseconds: what disturbs a round only makes it slower.
 * @param ask is given 0, 1, 2 and so on
 */
export function callsPerSecond(ask: (turn: number) => number, roundMs: number): number {
  let best = 0;
  let turn = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const first = turn;
    const start = performance.now();
    let elapsed: number;
    do {
      for (let call = 0; call < CALLS_AT_A_STRETCH; call++) answered += ask(turn++);
      elapsed = performance.now() - start;
    } while (elapsed < roundMs);
    best = Math.max(best, ((turn - first) / elapsed) * 1000);
  }
  if (Number.isNaN(answered)) throw new Error('a call did not answer with an instant');
  return best;
}
