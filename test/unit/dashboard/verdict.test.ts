import { describe, expect, it } from '@jest/globals';
import { verdictOf } from '../../../dashboard/src/expiring/verdict.js';

type Job = Parameters<typeof verdictOf>[0][number];

function job(more: Partial<Job>): Job {
  return {
    cron_id: 'cron-1',
    name: 'nightly',
    status: 'active',
    next_reminder: null,
    reason: 'not_due',
    superseded_by: null,
    ...more,
  };
}

describe('the verdict on a record', () => {
  it('is nothing without a job', () => {
    expect(verdictOf([])).toBeUndefined();
  });

  it('names the job that reminds first, wherever it stands', () => {
    const late = job({ next_reminder: { date: '2027-01-02', threshold_days: 1 } });
    const soon = job({ cron_id: 'cron-2', next_reminder: { date: '2026-12-31', threshold_days: 0 } });
    expect(verdictOf([job({}), late, soon])).toEqual({
      words: 'The next reminder comes on 2026-12-31, on the day of expiry',
      job: soon,
    });
  });

  it('tells the reason where all jobs have the same, and what has renewed the record', () => {
    const renewed = job({ reason: 'superseded', superseded_by: 'other/..' });
    expect(verdictOf([renewed, renewed])).toEqual({
      words: expect.stringContaining('It was renewed'),
      superseded_by: 'other/..',
    });
    expect(verdictOf([job({ reason: 'suspended' })])?.words).toContain('The record is suspended');
  });

  it('leaves the reasons to the table where they differ, or one job would only want a slot', () => {
    expect(verdictOf([job({}), job({ reason: 'not_selected' })])?.words).toContain('each job has its reason');
    expect(verdictOf([job({ reason: null, status: 'disabled' })])?.words).toContain(
      'each job has its reason',
    );
  });
});
