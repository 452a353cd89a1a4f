import { describe, expect, it } from '@jest/globals';
import { acceptRequest, MOST_REQUESTS, repeatOf, REQUESTS_OF_EACH } from '../../../src/job/accept-request.js';
import { REQUESTS_KEPT_MS } from '../../../src/job/accepted-requests.js';
import { evolve, type CronJob } from '../../../src/job/cron-job.js';
import { toTimestamp } from '../../../src/events/timestamp.js';
import { given } from '../../support/given.js';

const CREATED = Date.parse('2026-03-26T10:00:00Z');
const execute = { type: 'TriggerRun', dry_run: true } as const;
const key = (name: string) => ({ key_hash: name, request_hash: 'request' });

const job = present(
  given()
    .after('2026-03-26T10:00:00Z', {
      type: 'ScheduleCronJob',
      config: { name: 'nightly', cron_expression: '0 2 * * *' },
    })
    .job(),
);

function present(one: CronJob | undefined): CronJob {
  if (one === undefined) throw new Error('there is no job');
  return one;
}

function withRequests(before: CronJob, requests: readonly [string, number][], actor = 'ann'): CronJob {
  let version = 1;
  return requests.reduce(
    (after, [name, now]) =>
      present(evolve(after, acceptRequest(after, key(name), { actor, events: 1, now }), ++version, actor)),
    before,
  );
}

const named = (actor: string, count: number, from = CREATED): [string, number][] =>
  Array.from({ length: count }, (_, index) => [`${actor} ${index}`, from + index]);

describe('a request under a key', () => {
  it('is a repeat for 24 hours, of the version that has accepted it', () => {
    const asked = withRequests(job, [
      ['one', CREATED + 1],
      ['two', CREATED + 2],
    ]);
    expect(repeatOf(asked, execute, key('one'), CREATED + REQUESTS_KEPT_MS)).toBe(2);
    expect(repeatOf(asked, execute, key('one'), CREATED + 1 + REQUESTS_KEPT_MS)).toBeUndefined();
    expect(repeatOf(asked, execute, key('two'), CREATED + 1 + REQUESTS_KEPT_MS)).toBe(3);
    expect(repeatOf(asked, execute, key('three'), CREATED + 3)).toBeUndefined();
    expect(repeatOf(undefined, execute, key('one'), CREATED)).toBeUndefined();
  });

  it('is forgotten in the state after 24 hours', () => {
    const asked = withRequests(job, [
      ['one', CREATED],
      ['two', CREATED + REQUESTS_KEPT_MS],
    ]);
    expect(asked.requests.map(({ key_hash }) => key_hash)).toEqual(['two']);
  });

  it('that creates a job is a repeat for as long as there is the job, also a deleted one', () => {
    const create = { type: 'ScheduleCronJob', config: job.config } as const;
    expect(repeatOf(undefined, create, key('one'), CREATED)).toBeUndefined();
    const deleted = { ...job, deleted: true };
    expect(repeatOf(deleted, create, key('one'), CREATED + 10 * REQUESTS_KEPT_MS)).toBe(2);
  });

  it('is refused when very many are remembered, until the oldest are old enough', () => {
    const many = withRequests(job, named('ann', MOST_REQUESTS));
    const again = (now: number) => () => acceptRequest(many, key('more'), { actor: 'ann', events: 0, now });
    expect(again(CREATED + MOST_REQUESTS)).toThrow(
      expect.objectContaining({ code: 'too_many_idempotency_keys' }),
    );
    expect(again(CREATED + REQUESTS_KEPT_MS)).not.toThrow();
  });

  it('is not refused because of others, to whoever has had few', () => {
    const now = CREATED + MOST_REQUESTS;
    const of = (after: CronJob, actor: string) => () =>
      acceptRequest(after, key('more'), { actor, events: 0, now });
    const many = withRequests(job, named('ann', MOST_REQUESTS));
    const both = withRequests(many, named('bob', REQUESTS_OF_EACH - 1, now), 'bob');
    expect(of(both, 'bob')).not.toThrow();
    expect(of(both, 'ann')).toThrow(expect.objectContaining({ code: 'too_many_idempotency_keys' }));
    const more = withRequests(both, [['one more', now]], 'bob');
    expect(of(more, 'bob')).toThrow(/1100 requests .* 100 of them from this sender/);
    expect(of(more, 'eve')).not.toThrow();
  });

  it('is remembered over a delete, for its 24 hours', () => {
    const asked = withRequests(job, [
      ['old', CREATED + 1],
      ['new', CREATED + 10],
    ]);
    const remove = (at: number) =>
      present(
        evolve(
          asked,
          {
            type: 'CronJobDeleted',
            data: { cron_id: 'cron-001', reason: null, deleted_at: toTimestamp(at) },
          },
          4,
        ),
      );
    expect(repeatOf(remove(CREATED + 20), execute, key('old'), CREATED + 30)).toBe(2);
    const later = CREATED + 5 + REQUESTS_KEPT_MS;
    expect(['old', 'new'].map((name) => repeatOf(remove(later), execute, key(name), later))).toEqual([
      undefined,
      3,
    ]);
  });

  it('is recorded not before the last event of its job', () => {
    const ahead = { ...job, last_event_at: CREATED + 5_000 };
    expect(acceptRequest(ahead, key('one'), { actor: 'ann', events: 2, now: CREATED }).data).toEqual({
      cron_id: 'cron-001',
      ...key('one'),
      events: 2,
      accepted_at: '2026-03-26T10:00:05.000Z',
    });
  });
});
