import { describe, expect, it } from '@jest/globals';
import { explainedBody, listedBody } from '../../../src/http/people-bodies.js';
import type { Certification, StoredCertification } from '../../../src/ports/certification-registry.js';
import type { ReminderDocument } from '../../../src/ports/read-models.js';

/** No character takes more bytes of UTF-8 for its place in a text. */
const WIDE = '\u20ac';
const MOST_BYTES = 65_536;
const TODAY = 20_000;

const certification: Certification = {
  certification_id: WIDE.repeat(200),
  mentor_id: WIDE.repeat(200),
  expires_at: '2027-01-31T10:00:00.000000000000000000Z',
  type: WIDE.repeat(128),
  labels: Array.from({ length: 20 }, (_, nth) => WIDE.repeat(126) + String(nth)),
  status: 'suspended',
  renewable_from: '2027-01-01',
};
const reminder: ReminderDocument = {
  certification_id: certification.certification_id,
  mentor_id: certification.mentor_id,
  type: certification.type,
  expires_at: certification.expires_at,
  days_left: -3_650,
  threshold_days: -3_650,
  cron_id: `cron-${'a'.repeat(32)}`,
  run_id: `run-${'a'.repeat(42)}`,
  requested_at: '2026-03-26T10:00:00.999Z',
  stream: 'stream',
};
const outlook = {
  cron_id: reminder.cron_id,
  name: WIDE.repeat(128),
  status: 'active' as const,
  next_reminder: { date: '2026-03-26', threshold_days: -3_650 },
  reason: 'not_renewable_yet' as const,
  superseded_by: WIDE.repeat(200),
};
const PAGE = { page: 1, limit: 20, total: 1_000_000 };

describe('an explanation', () => {
  it('has a limited length, and the newest reminders', () => {
    const reminders = Array.from({ length: 250 }, (_, nth) => ({ ...reminder, threshold_days: nth }));
    const jobs = Array.from({ length: 20 }, () => outlook);
    const body = explainedBody({ record: certification, unreadable: null, reminders, jobs }, PAGE, TODAY);
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(MOST_BYTES);
    expect([body.reminders[0]?.threshold_days, body.reminders.at(-1)?.threshold_days]).toEqual([150, 249]);
    expect(body.reminders_left_out).toBe(150);
    expect(body.reminders[0]?.requested_at).toBe('2026-03-26T10:00:00Z');
    expect(body.days_left).toBe(849);
  });

  it.each<[string, StoredCertification, object]>([
    [
      'texts of any length',
      { certification_id: 'c', mentor_id: 'x'.repeat(100_000), expires_at: 'never' },
      { certification_id: 'c', mentor_id: `${'x'.repeat(200)}…`, expires_at: 'never', labels: null },
    ],
    [
      'values of any type',
      { certification_id: 'c', mentor_id: 7, expires_at: {}, labels: Array(100_000).fill('a'), status: true },
      { mentor_id: '7', expires_at: '{}', status: 'true', type: null },
    ],
    ['nothing', { certification_id: 'c', mentor_id: undefined, expires_at: null }, { mentor_id: null }],
  ])('shows the beginning of %s, and why they cannot be read', (_, record, shown) => {
    const { unreadable, days_left, ...body } = explainedBody(
      { record, unreadable: 'x', reminders: [], jobs: [] },
      PAGE,
      TODAY,
    );
    expect(body).toMatchObject(shown);
    expect([days_left, unreadable]).toEqual([null, expect.stringContaining('must be')]);
    expect(JSON.stringify(body).length + (unreadable ?? '').length).toBeLessThan(3_000);
    expect(
      listedBody({ record, place: { expires_day: TODAY + 3, certification_id: 'c' } }, TODAY).days_left,
    ).toBe(3);
  });
});
