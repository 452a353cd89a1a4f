/** A run as far as its lateness goes. */
export interface LateRun {
  late_by_ms: number | null;
}

export interface Lateness<R> {
  /** How many runs it is about. */
  count: number;
  medianMs: number;
  p95Ms: number;
  /** The slowest first; none that was in time. */
  slowest: R[];
}

/** How long after their slots runs have started. @returns undefined where no run stands for a slot */
export function latenessOf<R extends LateRun>(
  runs: readonly R[],
  { slowest }: { slowest: number },
): Lateness<R> | undefined {
  const late = (run: R): number => run.late_by_ms ?? 0;
  const measured = runs.filter((run) => run.late_by_ms !== null).sort((a, b) => late(b) - late(a));
  if (measured.length === 0) return undefined;
  const ascending = measured.map(late).reverse();
  return {
    count: measured.length,
    medianMs: percentile(ascending, 50),
    p95Ms: percentile(ascending, 95),
    slowest: measured.filter((run) => late(run) > 0).slice(0, slowest),
  };
}

/** By the nearest rank: the smallest value that so many percent do not exceed. @param ascending at least one */
function percentile(ascending: readonly number[], percent: number): number {
  return ascending[Math.ceil((percent / 100) * ascending.length) - 1] ?? 0;
}
