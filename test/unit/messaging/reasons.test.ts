import { describe, expect, it } from '@jest/globals';
import { given, incoming, type Feed } from './handed-to-feed.js';

const LONG = 'x'.repeat(201);
const run = { cron_id: 'cron-1', run_id: 'run-1' };
const result = { mentors_checked: 1, reminders_sent: 0, errors: 0 };
const success = { ...run, status: 'success', result };
const failed = { ...run, status: 'failed', error: { message: 'why' } };
const certification = { mentor_id: 'm', expires_at: '2030-01-31' };
const DATE =
  'expires_at must be a date that exists (YYYY-MM-DD) or an instant (RFC 3339, such as 2027-01-31T10:00:00Z)';

async function reasonOf(feed: Feed, value: unknown): Promise<unknown> {
  const { taken, reasons } = await given(feed, incoming(value as object));
  expect(taken).toEqual([]);
  expect(reasons).toHaveLength(1);
  return reasons[0];
}

describe('the reason of a dead letter', () => {
  const object = 'value must be an object with cron_id, run_id, status, and result or error';
  const counts = 'result must have the counts mentors_checked, reminders_sent and errors';
  it.each<[unknown, string]>([
    [[], object],
    ['text', object],
    [7, object],
    [{}, 'status must be success or failed'],
    [{ ...success, status: 'done' }, 'status must be success or failed'],
    [{ ...success, status: null }, 'status must be success or failed'],
    [{ ...success, status: ['failed'] }, 'status must be success or failed'],
    [{ ...success, result: undefined }, counts],
    [{ ...success, result: [] }, counts],
    [{ ...success, result: { ...result, errors: '1' } }, 'result.errors must be a whole number'],
    [{ ...success, result: { ...result, errors: undefined } }, 'result.errors must be a whole number'],
    [{ ...success, result: { ...result, errors: 1.5 } }, 'result.errors must be a whole number'],
    [{ ...success, result: { ...result, errors: -1 } }, 'result.errors must not be negative'],
    [{ ...success, result: { ...result, errors: 1e300 } }, 'result.errors must be at most 9007199254740991'],
    [
      { ...success, result: { ...result, records_checked: -1 } },
      'result.records_checked must not be negative',
    ],
    [
      { ...success, result: { ...result, records_checked: '7' } },
      'result.records_checked must be a whole number',
    ],
    [
      { ...success, result: { ...result, reasons: [7] } },
      'result.reasons must be an object with a count for each reason',
    ],
    [
      { ...success, result: { ...result, reasons: { not_due: 1, withdrawn: 0.5 } } },
      'result.reasons.withdrawn must be a whole number',
    ],
    [{ ...failed, error: undefined }, 'error must be an object with a message'],
    [{ ...failed, error: 'why' }, 'error must be an object with a message'],
    [{ ...failed, error: {} }, 'error.message must be a text'],
    [{ ...failed, error: { message: 7 } }, 'error.message must be a text'],
    [{ ...failed, cron_id: 7 }, 'cron_id must be a text'],
    [{ ...failed, cron_id: '' }, 'cron_id must not be empty'],
    [{ ...failed, run_id: undefined }, 'run_id must be a text'],
    [{ ...failed, run_id: LONG }, 'run_id must have at most 200 characters'],
    [{ ...failed, run_id: 'a\nb' }, 'run_id must not contain control characters'],
    [{ ...failed, cron_id: '\u0085' }, 'cron_id must not contain control characters'],
    [{ ...success, cron_id: 'a\ud800' }, 'cron_id must not contain half of a surrogate pair'],
    [
      { ...success, run_id: '', cron_id: LONG },
      'cron_id must have at most 200 characters; run_id must not be empty',
    ],
  ])('says what is allowed in a result: %j', async (value, reason) => {
    expect(await reasonOf('results', value)).toBe(reason);
  });

  const started = 'value must be the data of a RunStarted event, an object with cron_id and run_id';
  it.each<[unknown, string]>([
    [[], started],
    ['text', started],
    [{ ...run, cron_id: 7 }, 'cron_id must be a text'],
    [{ ...run, cron_id: '' }, 'cron_id must not be empty'],
    [{ ...run, run_id: LONG }, 'run_id must have at most 200 characters'],
    [{ ...run, run_id: '\u007f' }, 'run_id must not contain control characters'],
    [{ ...run, run_id: '\udfff' }, 'run_id must not contain half of a surrogate pair'],
    [{}, 'cron_id must be a text; run_id must be a text'],
  ])('says what is allowed in a run: %j', async (value, reason) => {
    expect(await reasonOf('runs', value)).toBe(reason);
  });

  it.each<[unknown, string]>([
    [[], 'value must be an object with mentor_id and expires_at'],
    [{ ...certification, mentor_id: 7 }, 'mentor_id must be a text of 1 to 200 characters'],
    [{ ...certification, mentor_id: '' }, 'mentor_id must not be empty'],
    [{ ...certification, mentor_id: LONG }, 'mentor_id must have at most 200 characters'],
    [{ ...certification, mentor_id: 'a\u0000' }, 'mentor_id must not contain control characters'],
    [{ ...certification, certification_id: 'other' }, 'certification_id must be the same as the key'],
    [{ ...certification, expires_at: '2027-02-30' }, DATE],
    [{ ...certification, expires_at: 7 }, DATE],
    [{ ...certification, type: 7 }, 'type must be a text of 1 to 128 characters'],
    [{ ...certification, labels: 'a|b' }, 'labels must be a list of up to 20 texts'],
    [{ ...certification, labels: ['a', 'b\u0000'] }, 'labels.1 must not contain control characters'],
    [{ ...certification, status: 'Active' }, 'status must be active, suspended or withdrawn'],
    [
      { ...certification, renewable_from: '2027-02-30' },
      'renewable_from must be a date that exists (YYYY-MM-DD)',
    ],
  ])('says what is allowed in a certification: %j', async (value, reason) => {
    expect(await reasonOf('certifications', value)).toBe(reason);
  });

  it.each<[string | Uint8Array | null, string]>([
    [null, 'key must be the certification_id, which must be a text of 1 to 200 characters'],
    ['', 'key must be the certification_id, which must not be empty'],
    [LONG, 'key must be the certification_id, which must have at most 200 characters'],
    ['a\u0001', 'key must be the certification_id, which must not contain control characters'],
    [Buffer.from('k\u00e4the', 'latin1'), 'key is no text in UTF-8'],
  ])('says what is allowed as the key of a certification: %j', async (key, reason) => {
    for (const value of [certification, null])
      expect(await given('certifications', incoming(value, { key }))).toEqual({
        taken: [],
        reasons: [reason],
      });
  });

  it.each<[string | Uint8Array, string]>([
    [LONG, 'header ce_id must have at most 200 characters'],
    ['a\u0001', 'header ce_id must not contain control characters'],
    [Buffer.from('k\u00e4the', 'latin1'), 'header ce_id is no text in UTF-8'],
  ])('says what is allowed as the cause of a result: %j', async (ce_id, reason) => {
    expect(await given('results', incoming(failed, { headers: { ce_id } }))).toEqual({
      taken: [],
      reasons: [reason],
    });
  });
});

describe('what is no text', () => {
  const bytes = Buffer.from([0x6b, 0xe4]);
  const headers = { trace: bytes, 'content-type': bytes };

  it.each<[Feed, object]>([
    ['runs', run],
    ['results', failed],
  ])('does not matter in a key or header that is not read: %s', async (feed, value) => {
    expect((await given(feed, incoming(value, { key: bytes, headers }))).reasons).toEqual([]);
  });

  it('does not matter in headers of a certification, its ce_id is not read', async () => {
    const message = incoming(certification, { headers: { ...headers, ce_id: bytes } });
    expect((await given('certifications', message)).reasons).toEqual([]);
  });
});
