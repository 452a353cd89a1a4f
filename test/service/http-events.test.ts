import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BASE_PATH } from '../../src/http/api.js';
import type { AuditEntry } from '../../src/history/audit-entry.js';
import type { EventLog } from '../../src/ports/event-log.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { wholeStream } from '../support/sample-events.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { expectProblemShape } from './expect-problem.js';

const JOB = { name: 'nightly', cron_expression: '0 2 * * *', concurrency_policy: 'allow' };
const CHANGES = [
  { time_zone: 'Asia/Kolkata', reason: 'the office moves' },
  { cron_expression: '30 3 * * *' },
  { description: 'of the office' },
  { timeout_seconds: 60, name: 'early' },
  { select: { types: ['first-aid'] } },
];

let service: RunningApp;
let log: EventLog;
let deleted: string;
let other: string;

/** A job that is created, changed five times, run, disabled and deleted; and another one. */
beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder(), LEASE_MS: '600000' });
  ({ log } = service.app.adapters);
  deleted = String((await service.call('POST', '', JOB)).body.id);
  for (const changes of CHANGES) await service.call('PUT', `/${deleted}`, changes);
  const { body: run } = await service.call('POST', `/${deleted}/execute`);
  await ended(String(run.run_id));
  await service.call('PUT', `/${deleted}`, { enabled: false, reason: 'no longer needed' });
  await service.call('DELETE', `/${deleted}?reason=tidying%20up`);
  other = String((await service.call('POST', '', { ...JOB, name: 'other' })).body.id);
});

afterAll(() => service.app.stop());

async function ended(runId: string): Promise<void> {
  for (;;) {
    const { body } = await service.call('GET', `/${deleted}/runs/${runId}`);
    if (body.status !== 'running') return;
  }
}

/** All pages of a list. */
async function walk(path: string, query: string, limit: number): Promise<AuditEntry[]> {
  const found: AuditEntry[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { status, body } = await service.call('GET', `${path}?limit=${limit}${query}${cursor}`);
    expect(status).toBe(200);
    expect(body.data.length).toBeLessThanOrEqual(limit);
    found.push(...(body.data as AuditEntry[]));
    const { next_cursor } = body.pagination as { next_cursor: string | null };
    cursor = next_cursor === null ? null : `&cursor=${next_cursor}`;
  }
  return found;
}

const idsIn = async (stream: string): Promise<string[]> =>
  (await wholeStream(log, stream)).map(({ id }) => id);

describe('GET /:id/events', () => {
  it('tells by one request who did what, when and why, also of a deleted job', async () => {
    const { status, body } = await service.call('GET', `/${deleted}/events?order=asc`);
    expect(status).toBe(200);
    expect(
      (body.data as AuditEntry[]).map(({ version, type, actor, reason, changes }) => [
        ...[version, type, actor, reason],
        type === 'CronJobUpdated'
          ? changes?.map(({ field, from, to }) => [field, from, to])
          : changes?.length,
      ]),
    ).toEqual([
      [1, 'CronJobScheduled', 'anonymous', null, 14],
      [2, 'CronJobUpdated', 'anonymous', 'the office moves', [['time_zone', 'UTC', 'Asia/Kolkata']]],
      [3, 'CronJobUpdated', 'anonymous', null, [['cron_expression', '0 2 * * *', '30 3 * * *']]],
      [4, 'CronJobUpdated', 'anonymous', null, [['description', null, 'of the office']]],
      [
        ...[5, 'CronJobUpdated', 'anonymous', null],
        [
          ['name', 'nightly', 'early'],
          ['timeout_seconds', 3_600, 60],
        ],
      ],
      [
        ...[6, 'CronJobUpdated', 'anonymous', null],
        [['select', null, { types: ['first-aid'], labels: null }]],
      ],
      [7, 'RunStarted', 'anonymous', null, undefined],
      [8, 'RunCompleted', 'worker', null, undefined],
      [9, 'CronJobUpdated', 'anonymous', 'no longer needed', [['enabled', true, false]]],
      [10, 'CronJobDeleted', 'anonymous', 'tidying up', undefined],
    ]);
    expect(body.pagination).toEqual({ limit: 20, next_cursor: null });
  });

  it('has of each event what the log has, and newest first unless asked otherwise', async () => {
    const [newest] = await walk(`/${deleted}/events`, '', 1);
    const recorded = (await wholeStream(log, `cronJob-${deleted}`)).at(-1);
    expect(newest).toEqual({
      cron_id: deleted,
      version: 10,
      event_id: recorded?.id,
      position: recorded?.position,
      type: 'CronJobDeleted',
      at: recorded?.data.deleted_at,
      recorded_at: recorded?.recorded_at,
      actor: 'anonymous',
      reason: 'tidying up',
      correlation_id: recorded?.metadata.correlation_id,
      causation_id: null,
      traceparent: null,
      term: null,
      slot_engine_version: recorded?.metadata.slot_engine_version ?? null,
      tzdata_version: recorded?.metadata.tzdata_version ?? null,
      changes: null,
      data: recorded?.data,
      unreadable: null,
    });
  });

  it.each([1, 3, 10, 100])('is the same by pages of %s, both ways', async (limit) => {
    const expected = await idsIn(`cronJob-${deleted}`);
    const ids = async (order: string): Promise<string[]> =>
      (await walk(`/${deleted}/events`, `&order=${order}`, limit)).map(({ event_id }) => event_id);
    expect(await ids('asc')).toEqual(expected);
    expect(await ids('desc')).toEqual(expected.reverse());
  });

  it('answers under the doubled path, and HEAD with no body; never was such a job: 404', async () => {
    const { body } = await service.call('GET', `${BASE_PATH}/${deleted}/events?limit=1`);
    expect(body.data).toHaveLength(1);
    expect(await service.call('HEAD', `/${deleted}/events`)).toMatchObject({ status: 200, body: {} });
    const missing = await service.call('GET', '/cron-none/events');
    expect(missing).toMatchObject({ status: 404, body: { code: 'cron_job_not_found' } });
    expect((await service.call('POST', `/${deleted}/events`, {})).status).toBe(405);
  });

  it('bounds a page that was not asked for by a limit, and loses nothing by that', async () => {
    const labels = Array.from({ length: 30 }, (_, index) => `${index} `.padEnd(128, 'x'));
    const { body } = await service.call('POST', '', { ...JOB, select: { labels } });
    const id = String(body.id);
    for (let count = 0; count < 20; count++)
      await service.call('PUT', `/${id}`, { select: { labels: labels.slice(count + 1) } });
    const path = `/${id}/events`;
    const page = await service.call('GET', path);
    expect(JSON.stringify(page.body).length).toBeLessThan(65_536);
    expect(page.body.data.length).toBeLessThan(20);
    const rest = await service.call('GET', `${path}?limit=100&cursor=${page.body.pagination.next_cursor}`);
    const found = [...page.body.data, ...rest.body.data].map(({ version }: AuditEntry) => version);
    expect(found).toEqual(Array.from({ length: 21 }, (_, index) => 21 - index));
    const all = await service.call('GET', `/events?cron_id=${id}&type=CronJobUpdated`);
    expect(JSON.stringify(all.body).length).toBeLessThan(65_536);
    const more = `&limit=100&cursor=${all.body.pagination.next_cursor}`;
    const others = await service.call('GET', `/events?cron_id=${id}&type=CronJobUpdated${more}`);
    expect([...all.body.data, ...others.body.data]).toHaveLength(20);
  });
});

describe('GET /events', () => {
  const events = async (query: string, limit = 100): Promise<AuditEntry[]> => walk('/events', query, limit);
  const short = (entries: readonly AuditEntry[]): string[] =>
    entries.map(({ cron_id, version, type }) => `${cron_id === deleted ? 'a' : 'b'}${version} ${type}`);

  it('shows own writes at once, newest first, as the history of each job does', async () => {
    const { status, headers, body } = await service.call('GET', '/events?limit=1');
    expect([status, headers.get('reads-lag')]).toEqual([200, null]);
    await service.call('PUT', `/${other}`, { description: 'new' });
    const [newest, ...rest] = (await service.call('GET', '/events')).body.data as AuditEntry[];
    expect(newest).toMatchObject({ cron_id: other, changes: [{ field: 'description', to: 'new' }] });
    expect(rest[0]).toEqual(body.data[0]);
    const ofJob = (await events('')).filter(({ cron_id }) => cron_id === deleted);
    expect(ofJob).toEqual(await walk(`/${deleted}/events`, '', 100));
  });

  it.each([1, 2, 7])('finds them by actor, type, job and time, by pages of %s', async (limit) => {
    const all = await events('');
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    const those = async (query: string, fits: (entry: AuditEntry) => boolean): Promise<void> => {
      expect(await events(query, limit)).toEqual(all.filter(fits));
    };
    await those('&actor=worker', ({ actor }) => actor === 'worker');
    await those('&actor=nobody', () => false);
    await those('&type=CronJobDeleted,%20RunCompleted', ({ type }) => /^(CronJobDeleted|RunC)/.test(type));
    await those('&type=CronJobDeleted&type=RunCompleted', ({ type }) => /^(CronJobDeleted|RunC)/.test(type));
    await those('&type=CronJobUpdated&actor=worker', () => false);
    const ofJob = `&cron_id=${deleted}`;
    await those(ofJob, ({ cron_id }) => cron_id === deleted);
    await those(`${ofJob}&actor=worker`, ({ actor }) => actor === 'worker');
    await those(
      `${ofJob}&actor=anonymous`,
      ({ cron_id, actor }) => cron_id === deleted && actor === 'anonymous',
    );
    await those(`${ofJob}&type=RunStarted`, ({ type }) => type === 'RunStarted');
    await those(
      `&cron_id=${other}&type=CronJobScheduled`,
      ({ cron_id, version }) => cron_id === other && version === 1,
    );
    await those('&cron_id=cron-none', () => false);
    const at = all[4]?.at ?? '';
    for (const query of ['', ofJob, `${ofJob}&type=CronJobUpdated`]) {
      const fits = ({ cron_id, type }: AuditEntry): boolean =>
        (query === '' || cron_id === deleted) && (!query.includes('type') || type === 'CronJobUpdated');
      await those(`${query}&from=${at}`, (entry) => fits(entry) && (entry.at ?? '') >= at);
      await those(`${query}&to=${at}`, (entry) => fits(entry) && (entry.at ?? '') < at);
    }
  });

  it('answers a crowd, each the same', async () => {
    const asked = Array.from({ length: 200 }, (_, index) =>
      service.call('GET', ['/events?limit=5', `/${deleted}/events?limit=5`][index % 2] ?? ''),
    );
    const answers = await Promise.all(asked);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(2);
    expect(short(answers[1]?.body.data as AuditEntry[])[0]).toBe('a10 CronJobDeleted');
  });

  it('answers under the doubled path, and HEAD; the id `events` is no job', async () => {
    expect((await service.call('GET', `${BASE_PATH}/events?limit=1`)).body.data).toHaveLength(1);
    expect(await service.call('HEAD', '/events')).toMatchObject({ status: 200, body: {} });
    expect((await service.call('DELETE', '/events')).status).toBe(405);
  });
});

describe('parameters of the events', () => {
  const cursor = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');

  it.each([
    ['order', `events?order=asc`],
    ['order', `ID/events?order=up`],
    ['actor', `ID/events?actor=worker`],
    ['limit', `ID/events?limit=0`],
    ['limit', `events?limit=101`],
    ['limit', `events?limit=5&limit=6`],
    ['cursor', `ID/events?cursor=${cursor({ version: 0 })}`],
    ['cursor', `ID/events?cursor=${cursor({ version: 1.5 })}`],
    ['cursor', `ID/events?cursor=${cursor({ key: '1' })}`],
    ['cursor', `ID/events?cursor=%00`],
    ['cursor', `events?cursor=${cursor({ version: 3 })}`],
    ['cursor', `events?cron_id=ID&cursor=${cursor({ key: '0mn7a1b2c' })}`],
    ['cursor', `events?cursor=${cursor({ key: "' OR 1=1" })}`],
    ['cursor', `events?cursor=${cursor({ key: 'a'.repeat(101) })}`],
    ['type', 'events?type=Nothing'],
    ['type', 'events?type='],
    ['type', 'events?type=RunStarted,,RunCompleted'],
    ['type', 'events?type=__proto__'],
    ['type', 'events?type=ReminderRequested'],
    ['type', 'events?type=RunStarted&type=Nothing'],
    ['actor', 'events?actor='],
    ['actor', 'events?actor=a%00b'],
    ['actor', 'events?actor[]=a'],
    ['actor', `events?actor=${'a'.repeat(201)}`],
    ['cron_id', 'events?cron_id=job'],
    ['cron_id', "events?cron_id=cron-1'--"],
    ['from', 'events?from=yesterday'],
    ['to', 'events?to=2026-03-08'],
    ['to', 'events?from=2026-03-08T00:00:00Z&to=2026-03-08T00:00:00Z'],
    ['colour', 'events?colour=green'],
  ])('are refused where they are wrong, with what is allowed: %s in %s', async (field, path) => {
    const { status, body } = await service.call('GET', `/${path.replace('ID', deleted)}`);
    expect(status).toBe(400);
    expectProblemShape(body, 400);
    expect(body).toMatchObject({ code: 'invalid_request' });
    expect((body.errors as { field: string }[]).some((error) => error.field.startsWith(field))).toBe(true);
  });

  it('may go far beyond what there is', async () => {
    for (const path of [
      `/${deleted}/events?order=asc&cursor=${cursor({ version: 2 ** 53 - 1 })}`,
      `/${deleted}/events?cursor=${cursor({ version: 1 })}`,
      `/events?cursor=${cursor({ key: '0' })}`,
      `/events?cron_id=${deleted}&cursor=${cursor({ version: 1 })}`,
      '/events?to=1970-01-01T00:00:00Z',
      '/events?from=2099-12-31T00:00:00Z',
      `/events?cron_id=${deleted}&to=1970-01-01T00:00:01Z`,
    ]) {
      const { status, body } = await service.call('GET', path);
      expect([path, status, body.data, body.pagination?.next_cursor]).toEqual([path, 200, [], null]);
    }
  });
});
