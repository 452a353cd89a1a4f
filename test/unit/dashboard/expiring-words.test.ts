import { describe, expect, it } from '@jest/globals';
import { daysLeftWords, thresholdWords } from '../../../dashboard/src/expiring/days-left-words.js';
import { nextWords, todayWords } from '../../../dashboard/src/expiring/outlook-words.js';
import { countedReasons, reasonSentence } from '../../../dashboard/src/runs/reason-words.js';
import { remindedWords } from '../../../dashboard/src/expiring/reminded-words.js';
import { NO_REASONS } from '../../../src/events/job-events.js';

describe('days until an expiry', () => {
  it.each([
    [-1234, '1,234 days ago', 'expired', 'bad'],
    [-1, '1 day ago', 'expired', 'bad'],
    [0, 'today', 'due soon', 'odd'],
    [1, 'in 1 day', 'due soon', 'odd'],
    [30, 'in 30 days', 'due soon', 'odd'],
    [31, 'in 31 days', undefined, 'quiet'],
  ])('%d are told in words', (days, words, state, tone) => {
    expect(daysLeftWords(days)).toEqual({ words, state, tone });
  });

  it.each([
    [7, '7 days before expiry'],
    [1, '1 day before expiry'],
    [0, 'on the day of expiry'],
    [-5, '5 days after expiry'],
  ])('and so is the threshold %d', (threshold, words) => {
    expect(thresholdWords(threshold)).toBe(words);
  });
});

describe('the reasons of a no', () => {
  it.each([...NO_REASONS])('have words for %s', (reason) => {
    expect(reasonSentence(reason)).toMatch(/^[A-Z].*\.$/);
    expect(countedReasons({ [reason]: 3 })).toEqual([{ reason, counted: expect.any(String), records: 3 }]);
  });

  it('are left out where nothing was counted', () => {
    const none = Object.fromEntries(NO_REASONS.map((reason) => [reason, 0]));
    expect(countedReasons({ ...none, withdrawn: 1, not_due: 2 }).map(({ reason }) => reason)).toEqual([
      'withdrawn',
      'not_due',
    ]);
    expect(countedReasons(null)).toEqual([]);
  });

  it('that this page does not know are told by their codes', () => {
    expect(countedReasons({ on_leave: 2 })).toEqual([
      { reason: 'on_leave', counted: 'on leave', records: 2 },
    ]);
    expect(reasonSentence('on_leave')).toBe('The reason is on_leave.');
  });
});

describe('the outlook of a job', () => {
  const outlook = {
    cron_id: 'cron-1',
    name: 'nightly',
    status: 'active' as const,
    next_reminder: { date: '2026-05-01', threshold_days: 7 },
    reason: null,
    superseded_by: null,
  };

  it('tells the next reminder and its threshold', () => {
    expect(nextWords(outlook)).toBe('On 2026-05-01, for 7 days before expiry.');
    expect(todayWords(outlook)).toBe('A run today would ask for a reminder.');
  });

  it('tells why none comes: no slots, no day, or the record', () => {
    const never = { ...outlook, next_reminder: null };
    expect(nextWords({ ...never, status: 'disabled' })).toContain('disabled');
    expect(nextWords({ ...never, status: 'schedule_error' })).toContain('no slot');
    expect(nextWords(never)).toContain('none comes in time');
    expect(nextWords({ ...never, reason: 'withdrawn' })).toBe('Never, if nothing changes.');
    expect(todayWords({ reason: 'withdrawn' })).toBe('The record is withdrawn: nobody is reminded of it.');
  });
});

describe('how many a run has reminded', () => {
  const result = { mentors_checked: 9, errors: 0, records_checked: 9, reasons: null, warnings: [] };

  it.each([
    ['success' as const, { ...result, reminders_sent: 1200 }, '1,200 reminders'],
    ['success' as const, { ...result, reminders_sent: 1 }, '1 reminder'],
    ['failed' as const, { ...result, reminders_sent: 0 }, 'nobody'],
    ['failed' as const, null, 'those before it ended'],
    ['running' as const, null, 'those so far'],
  ])('is told of one that is %s', (status, given, words) => {
    expect(remindedWords({ status, result: given })).toBe(words);
  });
});
