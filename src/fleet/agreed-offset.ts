/** Clocks that differ by no more than this agree; a step of the wall clock by no more than this is followed at once. */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

/**
 * Which time to go by, once it is known which one was right so far. It changes only when at least two clocks agree on
 * another time, and they are more than those that agree with the present one: a single clock, however sure of itself,
 * moves nobody, and a tie leaves everything as it was.
 * @param current the offset gone by; all offsets are milliseconds of wall clock against one and the same monotonic clock
 * @param own the offset of this machine's wall clock
 * @param others the offsets of other wall clocks, each of a different instance
 */
export function agreedOffset(current: number, own: number, others: readonly number[]): number {
  const all = [own, ...others];
  const supporters = (offset: number): number[] => all.filter((other) => agree(offset, other));
  // The own clock comes first: among equals no other one's is read with less delay.
  const groups = all.map((offset) => ({ offset, size: supporters(offset).length }));
  const best = groups.reduce((most, group) => (group.size > most.size ? group : most));
  if (best.size < 2 || best.size <= supporters(current).length) return current;
  return agree(own, best.offset) ? own : median(supporters(best.offset));
}

export function agree(one: number, other: number): boolean {
  return Math.abs(one - other) <= CLOCK_TOLERANCE_MS;
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}
