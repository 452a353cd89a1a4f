import { describe, expect, it } from '@jest/globals';
import {
  errorWords,
  limitWords,
  thresholdWords,
  warningWords,
} from '../../../dashboard/src/runs/run-words.js';
import { ownErrorCodes } from '../../../src/events/job-events.js';

describe('the words of a run', () => {
  it('say what it warns of, with the numbers', () => {
    const words = [
      { code: 'registry_empty' },
      { code: 'registry_shrank', records: 40, before: 12_000 },
      { code: 'registry_stale', hours: 31, limit: 24 },
      { code: 'records_unreadable', unreadable: 5, records: 120 },
    ] as const;
    expect(words.map((warning) => warningWords(warning, { isDry: false }))).toEqual([
      'The registry has no records: there is nothing to check.',
      'Only 40 records in the registry, after 12,000 at the last run that succeeded: some may be missing.',
      'Nothing was written to the registry for 31 hours, and 24 are allowed: renewals may be missing.',
      '5 of 120 records cannot be read: nobody is reminded of them.',
    ]);
    const brake = { code: 'too_many_reminders', reminders: 2_500, limit: 1_000 } as const;
    expect(warningWords(brake, { isDry: true })).toContain('2,500 reminders are due, and 1,000 are allowed');
    expect(warningWords(brake, { isDry: true })).toMatch(/a real run would stop, and ask for none/);
    expect(warningWords(brake, { isDry: false })).toContain('the run stopped');
    expect(warningWords({ code: 'of_tomorrow' } as never, { isDry: false })).toBe('of tomorrow.');
  });

  it('know each error of the service', () => {
    const ofExecutor = errorWords('smtp_down');
    expect(ownErrorCodes.map(errorWords)).not.toContain(ofExecutor);
    expect(ofExecutor).toContain('executor');
  });

  it('say at which days it reminds, and how many', () => {
    expect(thresholdWords([30, 7, 1, 0, -3])).toBe(
      '30, 7, 1 days before the expiry, on the day, 3 days after it',
    );
    expect([thresholdWords([1]), thresholdWords([0]), thresholdWords([-1])]).toEqual([
      '1 day before the expiry',
      'on the day',
      '1 day after it',
    ]);
    const limits = { max_reminders: null, confirm_reminders: null };
    expect(limitWords(limits)).toContain('a tenth of the records');
    expect(limitWords({ ...limits, max_reminders: 0 })).toBe('no limit');
    expect(limitWords({ ...limits, max_reminders: 1_500 })).toBe('at most 1,500');
    expect(limitWords({ max_reminders: 5, confirm_reminders: 5_000 })).toContain('5,000, confirmed');
  });
});
