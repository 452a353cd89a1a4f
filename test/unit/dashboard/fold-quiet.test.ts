import { describe, expect, it } from '@jest/globals';
import { foldQuiet } from '../../../dashboard/src/expiring/fold-quiet.js';

type Run = Parameters<typeof foldQuiet>[0][number] & { no: number };

const result = { mentors_checked: 1, records_checked: 1, errors: 0, warnings: [] };
const run = (no: number, status: string, reminders: number | null) =>
  ({
    no,
    status,
    result: reminders === null ? null : { ...result, reminders_sent: reminders },
  }) as unknown as Run;

/** The numbers of the runs, those that are folded in brackets. */
function folded(...runs: Run[]): string {
  return foldQuiet(runs)
    .map((entry) =>
      'run' in entry ? String(entry.run.no) : `[${entry.quiet.map(({ no }) => no).join(' ')}]`,
    )
    .join(' ');
}

const quiet = (no: number): Run => run(no, 'success', 0);

describe('runs that have reminded nobody', () => {
  it('are one entry where several stand in a row', () => {
    expect(folded(quiet(1), quiet(2), run(3, 'success', 2), quiet(4), quiet(5), quiet(6))).toBe(
      '[1 2] 3 [4 5 6]',
    );
  });

  it('stand for themselves where they are alone', () => {
    expect(folded(quiet(1), run(2, 'success', 1), quiet(3))).toBe('1 2 3');
    expect(folded()).toBe('');
  });

  it('are not those that failed or go on, which may have reminded somebody or ought to have', () => {
    expect(
      folded(quiet(1), run(2, 'failed', 0), quiet(3), run(4, 'running', null), run(5, 'failed', null)),
    ).toBe('1 2 3 4 5');
  });
});
