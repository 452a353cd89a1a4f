import type { components } from '../api/openapi.js';

type Run = Pick<components['schemas']['RunInList'], 'status' | 'result'>;

/** A run, or several in a row that have reminded nobody. */
export type RunEntry<R> = { run: R } | { quiet: readonly [R, R, ...R[]] };

/** An hourly job reminds nobody most of the time: whom the nightly one has reminded must not be lost among its runs. */
export function foldQuiet<R extends Run>(runs: readonly R[]): RunEntry<R>[] {
  const entries: RunEntry<R>[] = [];
  let quiet: R[] = [];
  const fold = (): void => {
    const [first, second, ...rest] = quiet;
    if (first !== undefined)
      entries.push(second === undefined ? { run: first } : { quiet: [first, second, ...rest] });
    quiet = [];
  };
  for (const run of runs) {
    if (run.status === 'success' && run.result?.reminders_sent === 0) quiet.push(run);
    else {
      fold();
      entries.push({ run });
    }
  }
  fold();
  return entries;
}
