import { describe, expect, it } from '@jest/globals';
import type { IncomingMessage } from '../../../src/ports/message-bus.js';
import { given, incoming, type Feed } from './handed-to-feed.js';

const LONG = 'x'.repeat(50_000);
const TOO_LARGE = 'header a has 9000 bytes, allowed are 8192';

const certification = { mentor_id: 'm', expires_at: '2030-01-31' };
const run = { cron_id: 'cron-1', run_id: 'run-1' };
const failed = { ...run, status: 'failed', error: { message: 'why' } };

describe('what is taken in', () => {
  it.each<[Feed, object]>([
    ['certifications', certification],
    ['runs', run],
    ['results', failed],
  ])('is within the limits: %s', async (feed, value) => {
    expect(await given(feed, incoming(value, { headers: { ce_id: 'i'.repeat(200) } }))).toMatchObject({
      taken: [expect.anything(), ...(feed === 'certifications' ? ['feed'] : [])],
      reasons: [],
    });
    expect(await given(feed, incoming(value, { tooLarge: TOO_LARGE }))).toEqual({
      taken: [],
      reasons: [TOO_LARGE],
    });
  });

  it.each<[string, Feed, IncomingMessage]>([
    ['a tombstone with a cut key', 'certifications', incoming(null, { tooLarge: TOO_LARGE })],
    ['a tombstone with a long key', 'certifications', incoming(null, { key: LONG })],
    ['mentor_id', 'certifications', incoming({ ...certification, mentor_id: LONG })],
    ['certification_id', 'certifications', incoming({ ...certification, certification_id: LONG })],
    [
      'expires_at',
      'certifications',
      incoming({ ...certification, expires_at: `2030-01-31T00:00:00.${'1'.repeat(900)}Z` }),
    ],
    ['type', 'certifications', incoming({ ...certification, type: LONG })],
    [
      'labels',
      'certifications',
      incoming({ ...certification, labels: Array.from({ length: 21 }, () => '') }),
    ],
    ['cron_id of a run', 'runs', incoming({ ...run, cron_id: LONG })],
    ['run_id of a run', 'runs', incoming({ ...run, run_id: LONG })],
    ['cron_id of a result', 'results', incoming({ ...failed, cron_id: LONG })],
    ['run_id of a result', 'results', incoming({ ...failed, run_id: LONG })],
    ['a result', 'results', incoming({ ...failed, error: { message: 'x'.repeat(270_000) } })],
    ['ce_id of a result', 'results', incoming(failed, { headers: { ce_id: 'i'.repeat(201) } })],
  ])('is set aside beyond them, with a short reason: %s', async (_, feed, message) => {
    const { taken, reasons } = await given(feed, message);
    expect(taken).toEqual([]);
    expect(reasons).toEqual([expect.stringMatching(/^.{5,400}$/)]);
  });
});
