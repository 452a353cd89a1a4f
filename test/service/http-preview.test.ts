import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BASE_PATH } from '../../src/http/api.js';
import { readWholeLog } from '../support/read-whole-log.js';
import { expectProblem, type ExpectedProblem } from './expect-problem.js';
import { startApp, type Answer, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { createVirtualClock } from '../support/virtual-clock.js';

const NEW_YORK = { time_zone: 'America/New_York' };
const SCHEDULE = { cron_expression: '30 2 * * *', ...NEW_YORK };
const JOB = { name: 'nightly', ...SCHEDULE };
const PLAIN = {
  slot: '2026-03-09T06:30:00Z',
  local: '2026-03-09T02:30:00-04:00',
  note: null,
};
const IN_THE_GAP = {
  slot: '2026-03-08T07:00:00Z',
  local: '2026-03-08T03:00:00-04:00',
  note: expect.stringMatching(/^at the end of a gap/),
};

let service: RunningApp;

beforeAll(async () => {
  const clock = createVirtualClock('2026-03-07T12:00:00.500Z');
  service = await startApp({ DATA_DIR: temporaryFolder() }, { clock });
});

afterAll(async () => {
  expect(service.logged.filter(({ level }) => level === 'error')).toEqual([]);
  await service.app.stop();
});

async function create(config: object = {}): Promise<string> {
  return String((await service.call('POST', '', { ...JOB, ...config })).body.id);
}

async function refuses(
  [method, path, body]: [string, string, unknown?],
  expected: ExpectedProblem,
): Promise<Answer> {
  const answer = await service.call(method, path, body);
  const contentType = answer.headers.get('content-type');
  expectProblem({ status: answer.status, contentType, text: JSON.stringify(answer.body) }, expected);
  return answer;
}

const invalid = (field: string, says: string): ExpectedProblem => ({
  status: 400,
  code: 'invalid_request',
  field,
  says,
});
const COUNT = 'must be a whole number from 1 to 100';

describe.each([
  ['the base path', BASE_PATH],
  ['the published path, which repeats its prefix', BASE_PATH + BASE_PATH],
])('at %s', (_, base) => {
  it('the next slots of a job', async () => {
    const id = await create();
    const { status, body } = await service.call('GET', `${service.address}${base}/${id}/next?count=2`);
    expect(status).toBe(200);
    expect(body).toEqual({
      cron_id: id,
      cron_expression: '30 2 * * *',
      time_zone: 'America/New_York',
      status: 'active',
      data: [IN_THE_GAP, PLAIN],
    });
  });

  it('a preview', async () => {
    const asked = { ...SCHEDULE, count: 2, from: '2026-03-08T00:00:00.123Z' };
    const { status, body } = await service.call('POST', `${service.address}${base}/preview`, asked);
    expect(status).toBe(200);
    expect(body).toEqual({
      cron_expression: '30 2 * * *',
      time_zone: 'America/New_York',
      description: 'At 02:30',
      from: '2026-03-08T00:00:00Z',
      data: [IN_THE_GAP, PLAIN],
      notes: ['2026-03-08: 02:30 does not exist in America/New_York; it runs at 03:00'],
    });
  });
});

describe('the next slots of a job', () => {
  it('are 10, or as many as are asked for', async () => {
    const id = await create();
    for (const [query, count] of [['', 10] as const, ['?count=1', 1] as const, ['?count=100', 100] as const])
      expect((await service.call('GET', `/${id}/next${query}`)).body.data).toHaveLength(count);
  });

  it('begin with what next_run_at says', async () => {
    const id = await create();
    const { body: job } = await service.call('GET', `/${id}`);
    expect((await service.call('GET', `/${id}/next`)).body.data[0].slot).toBe(job.next_run_at);
  });

  it('follow a change of the schedule', async () => {
    const id = await create();
    await service.call('PUT', `/${id}`, { cron_expression: '0 9 * * *', time_zone: 'Asia/Kolkata' });
    expect((await service.call('GET', `/${id}/next?count=1`)).body).toMatchObject({
      cron_expression: '0 9 * * *',
      time_zone: 'Asia/Kolkata',
      data: [{ slot: '2026-03-08T03:30:00Z', local: '2026-03-08T09:00:00+05:30', note: null }],
    });
  });

  it('are none while it is disabled', async () => {
    const id = await create({ enabled: false });
    const { status, body } = await service.call('GET', `/${id}/next`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'disabled', data: [] });
    await service.call('PUT', `/${id}`, { enabled: true });
    const enabled = await service.call('GET', `/${id}/next?count=2`);
    expect(enabled.body).toMatchObject({ status: 'active', data: [IN_THE_GAP, PLAIN] });
  });

  it.each(['0', '101', '1.5', 'ten', '', '1&count=2'])('are not %s', async (count) => {
    await refuses(['GET', `/${await create()}/next?count=${count}`], invalid('count', COUNT));
  });

  it('take no other parameter', async () => {
    await refuses(['GET', `/${await create()}/next?limit=5`], invalid('limit', 'allowed: count'));
  });

  it('are those of a job that is there', async () => {
    const notFound = { status: 404, code: 'cron_job_not_found' };
    const id = await create();
    await service.call('DELETE', `/${id}`);
    await refuses(['GET', `/${id}/next`], notFound);
    await refuses(['GET', '/cron-404/next'], notFound);
    await refuses(['GET', '/nightly/next'], { ...notFound, field: 'id', says: 'letters or digits' });
  });
});

it('a slot that is owed already is the first of the next', async () => {
  const clock = createVirtualClock('2026-03-07T12:00:00Z');
  const late = await startApp({ DATA_DIR: temporaryFolder() }, { clock });
  const { body: job } = await late.call('POST', '', { ...JOB, cron_expression: '*/10 * * * *' });
  // The scheduler sleeps on: nothing has been settled.
  clock.step(35 * 60_000);
  const { body } = await late.call('GET', `/${job.id}/next?count=2`);
  await late.app.stop();
  expect(body.data).toMatchObject([{ slot: '2026-03-07T12:10:00Z' }, { slot: '2026-03-07T12:20:00Z' }]);
});

describe('a preview', () => {
  const preview = async (body: object): Promise<Record<string, any>> => {
    const answer = await service.call('POST', '/preview', body);
    expect(answer.status).toBe(200);
    return answer.body;
  };

  it('is in UTC, of 10 slots from now on, unless it is said otherwise', async () => {
    const body = await preview({ cron_expression: ' @daily ' });
    expect(body).toMatchObject({
      cron_expression: '@daily',
      time_zone: 'UTC',
      description: 'At 00:00',
      from: '2026-03-07T12:00:00Z',
      notes: [],
    });
    expect(body.data).toHaveLength(10);
    expect(body.data[0]).toEqual({
      slot: '2026-03-08T00:00:00Z',
      local: '2026-03-08T00:00:00+00:00',
      note: null,
    });
  });

  it('shows both passes of an hourly schedule', async () => {
    const body = await preview({
      cron_expression: '30 * * * *',
      ...NEW_YORK,
      count: 2,
      from: '2026-11-01T05:00:00Z',
    });
    expect(body.data).toEqual([
      {
        slot: '2026-11-01T05:30:00Z',
        local: '2026-11-01T01:30:00-04:00',
        note: expect.stringMatching(/^first/),
      },
      {
        slot: '2026-11-01T06:30:00Z',
        local: '2026-11-01T01:30:00-05:00',
        note: expect.stringMatching(/^second/),
      },
    ]);
    expect(body.notes[0]).toMatch(/^2026-11-01: 01:30 comes twice .* both passes run$/);
  });

  it('shows what becomes of a day that was left out', async () => {
    const apia = { cron_expression: '0 12 * * *', time_zone: 'Pacific/Apia', from: '2011-12-29T12:00:00Z' };
    const body = await preview({ ...apia, count: 2 });
    expect(body.data.map(({ local }: { local: string }) => local)).toEqual([
      '2011-12-29T12:00:00-10:00',
      '2011-12-31T00:00:00+14:00',
    ]);
  });

  it('writes nothing', async () => {
    const { log } = service.app.adapters;
    const before = await log.head();
    await preview({ cron_expression: '0 2 15 * 5' });
    expect(await log.head()).toBe(before);
  });

  it('begins at an instant whose UTC is written as an offset of zero, as many languages write it', async () => {
    const { from } = await preview({ ...HOURLY, from: '2026-03-08T07:00:00.123456+00:00' });
    expect(from).toBe('2026-03-08T07:00:00Z');
  });

  it('reaches from 1970 to 2100', async () => {
    const hourly = { cron_expression: '0 * * * *', count: 1 };
    expect((await preview({ ...hourly, from: '1970-01-01T00:00:00Z' })).data).toHaveLength(1);
    expect((await preview({ ...hourly, count: 5, from: '2100-12-31T21:30:00Z' })).data).toHaveLength(2);
  });

  const HOURLY = { cron_expression: '0 * * * *' };
  it.each<[string, unknown, string, string]>([
    ['no expression', {}, 'cron_expression', 'text such as'],
    ['a bad expression', { cron_expression: '61 * * * *' }, 'cron_expression', '61 is out of range'],
    ['seconds', { cron_expression: '0 0 2 * * *' }, 'cron_expression', '6 fields given'],
    ['a bad zone', { ...HOURLY, time_zone: 'Mars/Olympus' }, 'time_zone', 'Asia/Kolkata'],
    ['a count of 0', { ...HOURLY, count: 0 }, 'count', COUNT],
    ['a count of 101', { ...HOURLY, count: 101 }, 'count', COUNT],
    ['a count as text', { ...HOURLY, count: '5' }, 'count', COUNT],
    [
      'an unknown field',
      { ...HOURLY, name: 'n' },
      'name',
      'allowed: cron_expression, time_zone, count, from',
    ],
    ['a date', { ...HOURLY, from: '2026-03-08' }, 'from', 'RFC 3339 instant in UTC'],
    ['no seconds', { ...HOURLY, from: '2026-03-08T07:00Z' }, 'from', 'RFC 3339 instant in UTC'],
    ['an offset', { ...HOURLY, from: '2026-03-08T07:00:00+01:00' }, 'from', 'RFC 3339 instant in UTC'],
    ['a day that is none', { ...HOURLY, from: '2026-02-30T00:00:00Z' }, 'from', 'RFC 3339 instant in UTC'],
    ['a number', { ...HOURLY, from: 1_772_000_000 }, 'from', 'RFC 3339 instant in UTC'],
    ['1969', { ...HOURLY, from: '1969-12-31T23:59:59Z' }, 'from', 'in the years 1970 to 2100'],
    ['2101', { ...HOURLY, from: '2101-01-01T00:00:00Z' }, 'from', 'in the years 1970 to 2100'],
    ['an array', [HOURLY], 'body', 'object'],
  ])('is refused for %s', async (_, body, field, says) => {
    await refuses(['POST', '/preview', body], invalid(field, says));
  });

  it('is refused, as a creation is, when nothing comes up', async () => {
    const neverDue = { status: 400, code: 'never_due', field: 'cron_expression', says: 'within 5 years' };
    const body = { cron_expression: '0 0 29 2 *', from: '2096-03-01T00:00:00Z' };
    await refuses(['POST', '/preview', body], neverDue);
  });
});

describe('methods', () => {
  it.each([
    ['/preview', 'POST, OPTIONS', ['GET', 'PUT', 'DELETE']],
    ['/cron-1/next', 'GET, HEAD, OPTIONS', ['POST', 'PUT', 'DELETE']],
  ])('of %s are %s', async (path, allow, others) => {
    const options = await service.call('OPTIONS', path);
    expect([options.status, options.headers.get('allow')]).toEqual([204, allow]);
    for (const method of others) {
      const { headers } = await refuses([method, path], { status: 405, code: 'method_not_allowed' });
      expect(headers.get('allow')).toBe(allow);
    }
  });
});

describe('the reason of a delete', () => {
  async function reasonOf(query: string, body?: unknown): Promise<unknown> {
    const id = await create();
    expect((await service.call('DELETE', `/${id}${query}`, body)).body).toEqual({ deleted: true, id });
    const deleted = (await readWholeLog(service.app.adapters.log)).at(-1);
    expect(deleted).toMatchObject({ type: 'CronJobDeleted', data: { cron_id: id } });
    return (deleted?.data as { reason: unknown }).reason;
  }

  it('is kept, from the query or the body', async () => {
    expect(await reasonOf('')).toBeNull();
    expect(await reasonOf('?reason=no%20longer%20used')).toBe('no longer used');
    expect(await reasonOf('', { reason: 'no longer used' })).toBe('no longer used');
    expect(await reasonOf('?reason=twice', { reason: 'twice' })).toBe('twice');
    expect(await reasonOf('?reason=query', { reason: null })).toBe('query');
  });

  it.each<[string, string, unknown, string, string]>([
    ['two that differ', '?reason=a', { reason: 'b' }, 'reason', 'must not differ'],
    ['two in the query', '?reason=a&reason=b', undefined, 'reason', 'text'],
    ['a number', '', { reason: 5 }, 'reason', 'text or null'],
    ['too much', `?reason=${'x'.repeat(1_001)}`, undefined, 'reason', 'at most 1000 characters'],
    ['another parameter', '?why=a', undefined, 'why', 'allowed: reason'],
    ['another field', '', { why: 'a' }, 'why', 'allowed: reason'],
  ])('is refused for %s, and the job is still there', async (_, query, body, field, says) => {
    const id = await create();
    await refuses(['DELETE', `/${id}${query}`, body], invalid(field, says));
    expect((await service.call('GET', `/${id}`)).status).toBe(200);
  });
});

it('the bodies of a job say whether it is enabled, and how it is run', async () => {
  const config = {
    enabled: false,
    description: 'why',
    time_zone: 'UTC',
    misfire_grace_seconds: 1,
    catchup_policy: 'skip',
    catchup_window_seconds: 20,
    concurrency_policy: 'allow',
    timeout_seconds: 3,
  };
  const created = await service.call('POST', '', { ...JOB, ...config });
  const path = `/${String(created.body.id)}`;
  expect(created.body).toMatchObject(config);
  expect((await service.call('GET', path)).body).toMatchObject(config);
  expect((await service.call('PUT', path, { enabled: true })).body).toMatchObject({
    ...config,
    enabled: true,
  });
});
