import { describe, expect, it } from '@jest/globals';
import { reportDocument, reportLines } from '../../../src/cli/verify-report.js';
import { FIRST_HEAD } from '../../../src/ledger/log-head.js';
import type { Verification } from '../../../src/ledger/verify-log.js';

const FOUND = { gap: 0, double: 0, broken: 0, head: 0, explained: 0 };
const head = { count: 9, position: '12', hash: 'ab'.repeat(32) };
const PROVED: Verification = {
  proved: true,
  events: 9,
  events_unknown: 0,
  jobs: 2,
  slots_started: 3,
  slots_skipped: 1,
  slots_waiting: 0,
  oldest_waiting: null,
  reminders: 4,
  reminders_uncounted: 0,
  watermark_resets: 0,
  runs_overdue: 0,
  found: FOUND,
  head,
};

const report = (changes: Partial<Verification>, against = undefined as typeof head | undefined) => ({
  verification: { ...PROVED, ...changes },
  against,
  seconds: 0.84,
});
const linesOf = (...given: Parameters<typeof report>): string[] => reportLines(report(...given)).split('\n');
const verdictOf = (...given: Parameters<typeof report>): unknown => {
  const { verdict } = JSON.parse(reportDocument(report(...given), [])) as { verdict: string };
  expect(linesOf(...given).at(-2)).toBe(verdict);
  return verdict;
};

const REST = 'the runs are as promised, and the reminders that they count are in the log';
const WITHOUT = 'not proved without --against: that no events are missing at the end';

describe('the verdict', () => {
  it('says of every owed slot that it has an outcome only when none waits for it', () => {
    expect(verdictOf({})).toBe(`proved: every owed slot has exactly one outcome, ${REST}; ${WITHOUT}`);
    const settled = `proved: every settled slot has exactly one outcome, ${REST}`;
    expect(verdictOf({ slots_waiting: 3 })).toBe(`${settled}; 3 slots wait for their outcome; ${WITHOUT}`);
    expect(verdictOf({ slots_waiting: 1 }, head)).toBe(
      `${settled}; 1 slot waits for its outcome; the log holds all 9 events of the given head`,
    );
  });

  it('names a manifest where that was given in place of a head', () => {
    const manifest = { path: 'audit/manifest.json', events: 5 };
    const held = { ...report({}), manifest };
    expect(reportLines(held)).toContain('; the log holds all 5 events of the given manifest; ');
    expect(JSON.parse(reportDocument(held, []))).toMatchObject({ against: 'audit/manifest.json' });
    const lost = { ...report({ proved: false, found: { ...FOUND, head: 1 } }), manifest };
    expect(reportLines(lost)).toMatch(/NOT proved: the log does not hold what the given manifest names\n$/);
  });

  it('says what it does not know', () => {
    expect(verdictOf({ events_unknown: 1 })).toContain(
      '; not proved: 1 event of types that this version does not know; not proved without',
    );
    expect(verdictOf({ events_unknown: 2 })).toContain('; not proved: 2 events of types that this version');
  });

  it('names what was found', () => {
    const found = { ...FOUND, gap: 1, broken: 2, head: 1 };
    expect(verdictOf({ proved: false, found, slots_waiting: 3 })).toBe(
      'NOT proved: 1 gap, 2 other broken promises, the log does not hold what the given head names',
    );
  });
});

describe('the report', () => {
  it('has the totals, the head and the verdict, and a line for each of what else there is', () => {
    expect(linesOf({}).slice(0, 3)).toEqual([
      'events 9, jobs 2, slots started 3, slots skipped 1, reminders 4 (0.8 s)',
      'gaps 0, doubles 0, other broken promises 0',
      `head: 9:12:${head.hash}`,
    ]);
    const more = {
      events_unknown: 1,
      reminders_uncounted: 2,
      watermark_resets: 3,
      runs_overdue: 4,
      slots_waiting: 5,
      oldest_waiting: '2026-03-26T10:00:00.000Z',
      found: { ...FOUND, explained: 6 },
    };
    expect(linesOf(more).slice(2, -3)).toEqual([
      expect.stringMatching(/computed differently: 6$/),
      'events of types that this version does not know, as a newer one may have written: 1',
      expect.stringMatching(/^reminders that no result counts, .*: 2$/),
      'watermarks set back, because a clock had run ahead: 3',
      'slots that have come and are not settled yet: 5, the oldest is 2026-03-26T10:00:00.000Z',
      'runs that are open past their deadline, to be timed out: 4',
    ]);
  });

  it('is one document with the same', () => {
    const finding = { kind: 'gap', stream: 'cronJob-a', version: 2, text: 'nothing' } as const;
    const given = report({ proved: false, found: { ...FOUND, gap: 3 } }, FIRST_HEAD);
    expect(JSON.parse(reportDocument(given, [finding]))).toEqual({
      ...given.verification,
      verdict: 'NOT proved: 3 gaps',
      findings: [finding],
      findings_left_out: 2,
      head: `9:12:${head.hash}`,
      against: `0::${FIRST_HEAD.hash}`,
      seconds: 0.84,
    });
  });
});
