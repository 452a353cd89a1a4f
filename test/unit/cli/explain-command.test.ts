import { expect, it } from '@jest/globals';
import { explanationDocument, explanationText } from '../../../src/cli/explain-command.js';
import type { Explanation } from '../../../src/expiry-check/explain.js';

const EXPLAINED: Explanation = {
  record: { certification_id: 'c', mentor_id: 'm', expires_at: '2026-04-02', labels: ['a', 'b'], type: 't' },
  unreadable: null,
  reminders: [
    {
      certification_id: 'c',
      mentor_id: 'm',
      type: 't',
      expires_at: '2026-04-02',
      days_left: 30,
      threshold_days: 30,
      cron_id: 'cron-1',
      run_id: 'run-1',
      requested_at: '2026-03-03T02:00:00.000Z',
      stream: 's',
    },
  ],
  jobs: [
    {
      cron_id: 'cron-1',
      name: 'nightly',
      status: 'active',
      next_reminder: { date: '2026-03-26', threshold_days: 7 },
      reason: 'already_asked',
      superseded_by: null,
    },
    {
      cron_id: 'cron-2',
      name: 'x',
      status: 'active',
      next_reminder: null,
      reason: 'superseded',
      superseded_by: 'd',
    },
  ],
};

it('an explanation is a text for people', () => {
  expect(explanationText(EXPLAINED)).toBe(`certification
certification_id  c
mentor_id         m
type              t
labels            a | b
status            active
renewable_from    -
expires_at        2026-04-02

reminder asked for at     expiry then  days left  threshold  job     run
2026-03-03T02:00:00.000Z  2026-04-02          30         30  cron-1  run-1

job     name     next reminder  threshold  a run today    renewed by
cron-1  nightly  2026-03-26             7  already_asked  -
cron-2  x        -              -          superseded     d
`);
});

it('an explanation of what no run can read says why, and holds nothing that a terminal obeys', () => {
  const record = { certification_id: 'c', mentor_id: '\u001b[2J\u009b2J', expires_at: 'never' };
  const text = explanationText({ record, unreadable: 'x', reminders: [], jobs: [] });
  expect(text).toContain('mentor_id         \\u001b[2J\\u009b2J\n');
  expect(text).toContain('no run can read it:\n');
  expect(text).toContain('no reminder was asked for\n');
  expect(text).not.toMatch(/[^\P{Cc}\n]/u);
});

it('an explanation is one JSON document for programs', () => {
  const { reminders, jobs } = EXPLAINED;
  expect(JSON.parse(explanationDocument(EXPLAINED))).toEqual({
    certification_id: 'c',
    mentor_id: 'm',
    type: 't',
    labels: ['a', 'b'],
    status: 'active',
    renewable_from: null,
    expires_at: '2026-04-02',
    unreadable: null,
    reminders,
    jobs,
  });
});
