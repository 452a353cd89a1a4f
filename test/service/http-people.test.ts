import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { importCertifications } from '../../src/import/import-certifications.js';
import type { Certification, StoredCertification } from '../../src/ports/certification-registry.js';
import { BASE_PATH } from '../../src/http/api.js';
import { StoreError } from '../../src/ports/store-error.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { expectProblem } from './expect-problem.js';
import { rawRequest } from './raw-request.js';

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS);
const dayIn = (days: number): string => new Date((today + days) * DAY_MS).toISOString().slice(0, 10);

let service: RunningApp;
let id: string;

function record(certification_id: string, days: number, more: Partial<Certification> = {}): Certification {
  return {
    certification_id,
    mentor_id: `m-${certification_id}`,
    expires_at: dayIn(days),
    type: null,
    labels: [],
    status: 'active',
    renewable_from: null,
    ...more,
  };
}

/** Ids that are hard on addresses, CSV and orders. */
const ODD_IDS = ['a/b', 'ä "x", y', '=1+1', ' blank ', 'runs', '100%', '🎓', '\uffee', 'c?d#e', '-7'];

const RECORDS = [
  ...ODD_IDS.map((odd) => record(odd, 5, { labels: ['a', 'b "c"', 'ü, ö'], type: 'Erste "Hilfe"' })),
  ...Array.from({ length: 30 }, (_, nth) => record(`due-${nth}`, 25, { mentor_id: `m-${nth % 7}` })),
  record('gone', -3, { mentor_id: 'm-gone' }),
  record('today', 0, { labels: ['eu'] }),
  record('far', 400),
  record('left', 5, { status: 'withdrawn', type: 'driving' }),
  record('old', 5, { mentor_id: 'm-renewed', type: 'driving' }),
  record('new', 300, { mentor_id: 'm-renewed', type: 'driving', renewable_from: dayIn(200) }),
];

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder(), ALLOWED_HOSTS: 'certifications.example' });
  await service.app.adapters.registry.upsert(RECORDS, 'test');
  id = await createJob();
});

afterAll(() => service.app.stop());

async function createJob(more: object = {}): Promise<string> {
  const job = { name: 'yearly', cron_expression: '0 0 1 1 *', ...more };
  return (await service.call('POST', '', job)).body.id as string;
}

interface Page {
  data: Record<string, any>[];
  pages: Record<string, any>[];
}

async function allPages(path: string, limit: number): Promise<Page> {
  const pages: Record<string, any>[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { status, body } = await service.call('GET', `${path}limit=${limit}${after}`);
    expect(status).toBe(200);
    expect(body.pagination.limit).toBe(limit);
    pages.push(body);
    cursor = body.pagination.next_cursor as string | null;
  }
  return { pages, data: pages.flatMap(({ data }) => data) };
}

async function text(path: string, method = 'GET') {
  const response = await fetch(service.api + path, { method });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function ended(run: string): Promise<void> {
  await eventually('the run has ended', async () => {
    const { body } = await service.call('GET', `/${id}/runs`);
    return body.data.find(({ run_id }: any) => run_id === run)?.status === 'success';
  });
}

const idsOf = (rows: readonly Record<string, any>[]): string[] =>
  rows.map(({ certification_id }) => String(certification_id));
const byBytes = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));
const DUE = [
  ...ODD_IDS,
  ...Array.from({ length: 30 }, (_, nth) => `due-${nth}`),
  'gone',
  'today',
  'old',
].filter((due) => due !== 'old');

describe('a forecast', () => {
  it('comes in pages by mentor and id, each with the whole result', async () => {
    const { pages, data } = await allPages(`/${id}/forecast?`, 7);
    const one = await service.call('GET', `/${id}/forecast?limit=100`);
    expect(data).toEqual(one.body.data);
    expect(pages.length).toBe(Math.ceil(data.length / 7));
    for (const { on, result } of pages) expect([on, result]).toEqual([dayIn(0), one.body.result]);
    const keys = data.map(({ mentor_id, certification_id }) => [mentor_id, certification_id].join('\0'));
    expect(keys).toEqual([...keys].sort(byBytes));
    expect(one.body.result).toMatchObject({
      reminders_sent: data.length,
      records_checked: RECORDS.length,
      errors: 0,
      reasons: { withdrawn: 1, superseded: 1, not_due: expect.any(Number) },
      warnings: [],
    });
    expect(data.find(({ certification_id }) => certification_id === 'due-0')).toEqual({
      certification_id: 'due-0',
      mentor_id: 'm-0',
      type: null,
      expires_at: dayIn(25),
      days_left: 25,
      threshold_days: 30,
    });
  });

  it('of another day asks for what is due then, also in the next pages', async () => {
    const first = await service.call('GET', `/${id}/forecast?on=${dayIn(399)}&limit=1`);
    expect([first.body.on, idsOf(first.body.data)]).toEqual([dayIn(399), ['far']]);
    expect(first.body.pagination).toEqual({ limit: 1, next_cursor: null });
    const soon = await service.call('GET', `/${id}/forecast?on=${dayIn(1)}&limit=1`);
    const cursor = soon.body.pagination.next_cursor as string;
    expect((await service.call('GET', `/${id}/forecast?cursor=${cursor}`)).body.on).toBe(dayIn(1));
    const other = await service.call('GET', `/${id}/forecast?on=${dayIn(2)}&cursor=${cursor}`);
    expect([other.status, other.body.errors]).toEqual([
      400,
      [{ field: 'cursor', message: `is that of the forecast on ${dayIn(1)}` }],
    ]);
  });

  it('is that of a disabled job too, and of no deleted or unknown one', async () => {
    const disabled = await createJob({ enabled: false });
    expect((await service.call('GET', `/${disabled}/forecast`)).status).toBe(200);
    await service.call('DELETE', `/${disabled}`);
    for (const none of [disabled, 'cron-unknown', 'nothing']) {
      const { status, body } = await service.call('GET', `/${none}/forecast`);
      expect([status, body.code]).toEqual([404, 'cron_job_not_found']);
    }
  });

  it('as CSV has all rows, unless a limit is given', async () => {
    const { data } = await allPages(`/${id}/forecast?`, 100);
    const { status, headers, text: csv } = await text(`/${id}/forecast?format=csv`);
    const lines = csv.split('\r\n');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8; header=present']);
    expect(headers.get('content-disposition')).toBe(`attachment; filename="forecast-${id}-${dayIn(0)}.csv"`);
    expect(lines[0]).toBe('certification_id,mentor_id,type,expires_at,days_left,threshold_days');
    expect(lines).toHaveLength(data.length + 2);
    expect((await text(`/${id}/forecast?format=csv&limit=3`)).text.split('\r\n')).toHaveLength(5);
    const head = await text(`/${id}/forecast?format=csv`, 'HEAD');
    expect([head.status, head.headers.get('content-type'), head.text]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
      '',
    ]);
  });

  it('asked for by 200 clients at once is answered to all', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => service.call('GET', `/${id}/forecast`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  it('ends when its client hangs up', async () => {
    const { registry } = service.app.adapters;
    const pages = registry.pages.bind(registry);
    let [isBegun, isOver] = [false, false];
    registry.pages = async function* () {
      isBegun = true;
      try {
        for (;;) {
          await new Promise((resolve) => setImmediate(resolve));
          yield [];
        }
      } finally {
        isOver = true;
      }
    };
    try {
      const leaving = new AbortController();
      const asking = fetch(`${service.api}/${id}/forecast`, { signal: leaving.signal });
      await eventually('the walk has begun', () => isBegun);
      leaving.abort();
      await expect(asking).rejects.toThrow();
      await eventually('the walk is over', () => isOver);
    } finally {
      registry.pages = pages;
    }
    expect(service.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('names whom a real run then reminds, and nobody after it', async () => {
    const { data } = await allPages(`/${id}/forecast?`, 100);
    expect(idsOf(data).sort()).toEqual([...DUE].sort());
    const dry = await service.call('POST', `/${id}/execute`, { dry_run: true });
    await ended(String(dry.body.run_id));
    const run = String((await service.call('POST', `/${id}/execute`)).body.run_id);
    await ended(run);
    const reminders = await allPages(`/${id}/runs/${run}/reminders?`, 9);
    expect(
      reminders.data.map(({ requested_at, ...row }) => {
        expect(requested_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        return row;
      }),
    ).toEqual(data);
    const none = await service.call('GET', `/${id}/runs/${dry.body.run_id}/reminders`);
    expect(none.body).toEqual({ data: [], pagination: { limit: 20, next_cursor: null } });

    const after = await service.call('GET', `/${id}/forecast`);
    expect(after.body.data).toEqual([]);
    expect(after.body.result.reasons.already_asked).toBe(DUE.length);

    const csv = (await text(`/${id}/runs/${run}/reminders?format=csv`)).text.split('\r\n');
    expect(csv[0]).toBe('certification_id,mentor_id,type,expires_at,days_left,threshold_days,requested_at');
    expect(csv).toHaveLength(data.length + 2);

    const explained = (await service.call('GET', '/certifications/today')).body;
    expect(explained.reminders).toEqual([
      {
        cron_id: id,
        run_id: run,
        threshold_days: expect.any(Number),
        days_left: 0,
        expires_at: dayIn(0),
        requested_at: expect.stringMatching(/:\d\dZ$/),
      },
    ]);
    expect(explained.jobs.find(({ cron_id }: any) => cron_id === id).reason).toBe('already_asked');
  });

  it('has no reminders of runs that are not of the job', async () => {
    const other = await createJob();
    const run = String((await service.call('POST', `/${other}/execute`)).body.run_id);
    for (const path of [`/${id}/runs/${run}/reminders`, `/${id}/runs/x%2Fy/reminders`]) {
      const { status, body } = await service.call('GET', path);
      expect([status, body.code]).toEqual([404, 'run_not_found']);
    }
    expect((await service.call('GET', `/cron-none/runs/${run}/reminders`)).body.code).toBe(
      'cron_job_not_found',
    );
  });
});

describe('the certifications', () => {
  it('come by expiry, those already expired first, and the other way', async () => {
    const { data } = await allPages('/certifications?', 9);
    expect(data).toHaveLength(RECORDS.length);
    const days = data.map(({ days_left }) => Number(days_left));
    expect(days).toEqual([...days].sort((one, other) => one - other));
    expect(idsOf(data)[0]).toBe('gone');
    const back = await allPages('/certifications?sort=-expires_at&', 9);
    expect(back.data).toEqual([...data].reverse());
  });

  it.each<[string, string[]]>([
    ['expired=true', ['gone']],
    ['expired=true&expires_within=30', ['gone']],
    ['expired=false&expires_within=0', ['today']],
    ['expires_within=0', ['gone', 'today']],
    ['status=withdrawn', ['left']],
    ['type=driving', ['left', 'old', 'new']],
    ['type=driving&status=active', ['old', 'new']],
    ['label=eu', ['today']],
    ['mentor_id=m-renewed&sort=-expires_at', ['new', 'old']],
    ['label=none', []],
    [`label=${encodeURIComponent('b "c"')}&expires_within=5&limit=100`, [...ODD_IDS].sort(byBytes)],
  ])('are narrowed by %s', async (query, found) => {
    const { status, body } = await service.call('GET', `/certifications?${query}`);
    expect([status, idsOf(body.data)]).toEqual([200, found]);
  });

  it('show the whole record', async () => {
    const { body } = await service.call('GET', '/certifications?mentor_id=m-renewed&expired=false&limit=1');
    expect(body.data).toEqual([
      {
        certification_id: 'old',
        mentor_id: 'm-renewed',
        type: 'driving',
        labels: [],
        status: 'active',
        renewable_from: null,
        expires_at: dayIn(5),
        unreadable: null,
        days_left: 5,
      },
    ]);
  });

  it('as CSV are what import reads again, without loss', async () => {
    const { headers, text: csv } = await text('/certifications?format=csv');
    expect(headers.get('content-disposition')).toBe('attachment; filename="certifications.csv"');
    expect(csv).toContain('\r\n=1+1,m-=1+1,');
    const file = join(temporaryFolder(), 'certifications.csv');
    writeFileSync(file, csv);
    const other = openSqliteRegistry({ clock: systemClock, ids: systemIds, path: ':memory:' });
    const faults: string[] = [];
    const { imported } = await importCertifications(other, {
      file,
      replace: true,
      source: 'again',
      now: Date.now(),
      onBadLine: (line, reason) => faults.push(`${line}: ${reason}`),
      onProgress: () => undefined,
    });
    expect([imported, faults]).toEqual([RECORDS.length, []]);
    const all = async (registry: typeof other): Promise<StoredCertification[]> => {
      const found: StoredCertification[] = [];
      for await (const page of registry.pages()) found.push(...page);
      return found;
    };
    expect(await all(other)).toEqual(await all(service.app.adapters.registry));
    await other.close();
  });

  it('as CSV are each there once, however many they are, or as many as the limit says', async () => {
    const { registry } = service.app.adapters;
    const many = Array.from({ length: 1_001 }, (_, nth) =>
      record(`many-${nth}`, 700 + (nth % 3), { type: 'many' }),
    );
    await registry.upsert(many, 'test');
    try {
      const lines = (await text('/certifications?type=many&format=csv')).text.split('\r\n').slice(1, -1);
      const found = lines.map((line) => line.split(',')[0] ?? '');
      expect([...found].sort()).toEqual(idsOf(many as never).sort());
      const some = (await text('/certifications?type=many&format=csv&limit=100')).text.split('\r\n');
      expect(some.slice(1, -1)).toEqual(lines.slice(0, 100));
    } finally {
      await registry.remove(idsOf(many as never));
    }
  });

  it('as CSV break off when the registry fails on the way, so that no part is taken for the whole', async () => {
    const { registry } = service.app.adapters;
    const list = registry.list.bind(registry);
    const failAfter = (good: number): void => {
      let calls = 0;
      registry.list = ({ limit }) => {
        if (calls++ >= good) return Promise.reject(new StoreError('store_unavailable', 'down'));
        const certification_id = 'x'.repeat(200);
        const listed = { record: record(certification_id, 1), place: { expires_day: 1, certification_id } };
        return Promise.resolve(Array.from({ length: limit }, () => ({ ...listed })) as never);
      };
    };
    try {
      failAfter(1);
      await expect(text('/certifications?format=csv')).rejects.toThrow();
      failAfter(0);
      const { status, headers } = await text('/certifications?format=csv');
      expect([status, headers.get('content-type')]).toEqual([503, expect.stringContaining('problem+json')]);
    } finally {
      registry.list = list;
    }
  });

  it.each(ODD_IDS)('are found by their ids: %j', async (odd) => {
    const { status, body } = await service.call('GET', `/certifications/${encodeURIComponent(odd)}`);
    expect([status, body.certification_id]).toEqual([200, odd]);
  });

  it('tell what jobs will do', async () => {
    const { body } = await service.call('GET', '/certifications/old?limit=1');
    expect(body).toMatchObject({ days_left: 5, unreadable: null, reminders: [], reminders_left_out: 0 });
    expect(body.jobs).toEqual([
      {
        cron_id: id,
        name: 'yearly',
        status: 'active',
        next_reminder: null,
        reason: 'superseded',
        superseded_by: 'new',
      },
    ]);
    expect(body.pagination).toEqual({ page: 1, limit: 1, total: expect.any(Number) });
    expect((await service.call('GET', '/certifications/old?page=1000')).body.jobs).toEqual([]);
  });

  it.each(['none', '%00', encodeURIComponent('x'.repeat(201))])('are not there: %s', async (none) => {
    const { status, body } = await service.call('GET', `/certifications/${none}`);
    expect([status, body.code]).toEqual([404, 'certification_not_found']);
  });

  it('have bounded answers, whatever the records are', async () => {
    const wide = '\u20ac';
    const labels = Array.from({ length: 20 }, (_, nth) => `${wide.repeat(126)}${nth}`);
    const widest = (nth: number, days: number): Certification =>
      record(`${wide.repeat(197)}${nth}`, days, {
        mentor_id: `${wide.repeat(197)}${nth}`,
        type: wide.repeat(128),
        labels,
      });
    const { registry } = service.app.adapters;
    const wideOnes = Array.from({ length: 20 }, (_, nth) => widest(100 + nth, 900));
    await registry.upsert(wideOnes, 'test');
    try {
      const type = encodeURIComponent(wide.repeat(128));
      const listed = await text(`/certifications?type=${type}`);
      const forecast = await text(`/${id}/forecast?on=${dayIn(899)}`);
      const details = await text(
        `/certifications/${encodeURIComponent(wideOnes[0]?.certification_id ?? '')}`,
      );
      expect(JSON.parse(forecast.text).data).toHaveLength(20);
      for (const { status, text: body } of [listed, forecast, details])
        expect([status, Buffer.byteLength(body) < 65_536]).toEqual([200, true]);
      const page = JSON.parse(listed.text) as Record<string, any>;
      expect(page.data.length).toBeGreaterThan(2);
      const next = await service.call('GET', `/certifications?cursor=${page.pagination.next_cursor}`);
      expect(idsOf(next.body.data)[0]).toBe(wideOnes[page.data.length]?.certification_id);
    } finally {
      await registry.remove(idsOf(wideOnes as never));
    }
  });
});

describe('the parameters', () => {
  const bad = (path: string, field: string, says: string): [string, string, string] => [path, field, says];
  it.each([
    ...['forecast', 'certifications'].flatMap((route) => [
      bad(`${route}?limit=0`, 'limit', 'from 1 to 100'),
      bad(`${route}?limit=101`, 'limit', 'from 1 to 100'),
      bad(`${route}?limit=1&limit=2`, 'limit', 'from 1 to 100'),
      bad(`${route}?cursor=`, 'cursor', 'next_cursor'),
      bad(`${route}?cursor=abc`, 'cursor', 'next_cursor'),
      bad(`${route}?cursor=${'x'.repeat(9_000)}`, 'cursor', 'next_cursor'),
      bad(`${route}?format=xml`, 'format', 'json, csv'),
      bad(`${route}?page=1`, 'page', 'allowed: '),
      bad(`${route}?__proto__=1`, '__proto__', 'allowed: '),
    ]),
    bad('forecast?on=2026-02-30', 'on', 'date that exists'),
    bad('forecast?on=0001-01-01', 'on', '1970'),
    bad('forecast?on=tomorrow', 'on', 'date'),
    bad('forecast?on=', 'on', 'date'),
    bad('certifications?expires_within=-1', 'expires_within', 'from 0 to 36500'),
    bad('certifications?expires_within=1e9', 'expires_within', 'from 0 to 36500'),
    bad('certifications?expired=yes', 'expired', 'true, false'),
    bad('certifications?status=lost', 'status', 'active'),
    bad('certifications?sort=mentor_id', 'sort', 'expires_at'),
    bad('certifications?type=', 'type', 'empty'),
    bad('certifications?label=%00', 'label', 'control'),
    bad('certifications?mentor_id=%ff', 'query', 'UTF-8'),
    bad(`certifications?mentor_id=${'x'.repeat(201)}`, 'mentor_id', '200'),
    bad('certifications?mentor_id=a&mentor_id=b', 'mentor_id', 'once'),
    bad('certifications/old?limit=0', 'limit', 'from 1 to 100'),
    bad('certifications/old?format=csv', 'format', 'allowed: '),
    bad('runs/run-1/reminders?page=1', 'page', 'allowed: '),
  ])('are refused: %s', async (path, field, says) => {
    const isOfJob = path.startsWith('forecast') || path.startsWith('runs');
    const answer = await text(isOfJob ? `/${id}/${path}` : `/${path}`);
    const contentType = answer.headers.get('content-type');
    expectProblem(
      { status: answer.status, contentType, text: answer.text },
      {
        status: 400,
        code: 'invalid_request',
        field,
        says,
      },
    );
  });
});

describe('what names mentors', () => {
  const paths = (): string[] => [
    `/${id}/forecast`,
    `/${id}/forecast?format=csv`,
    `/${id}/runs/run-1/reminders`,
    '/certifications',
    '/certifications/old',
  ];

  it('is served under both base paths, to GET and HEAD alone', async () => {
    for (const path of paths()) {
      const twice = `${service.address}${BASE_PATH}${BASE_PATH}${path}`;
      const [one, two] = [await fetch(service.api + path), await fetch(twice)];
      expect(two.status).toBe(one.status);
      const headed = await fetch(twice, { method: 'HEAD' });
      expect(headed.status).toBe(one.status);
      const posted = await fetch(twice, { method: 'POST' });
      expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    }
  });

  it.each([
    [{ Host: 'certifications.example' }, 'no name of the loopback'],
    [{ Host: 'localhost', 'X-Forwarded-For': '10.0.0.1' }, 'x-forwarded-for'],
    [{ Host: 'localhost', Forwarded: 'for=10.0.0.1' }, 'forwarded'],
    [{ Host: 'localhost', Via: '1.1 proxy' }, 'via'],
  ])('is refused to whoever asks with %j', async (headers: Record<string, string>, says) => {
    for (const path of paths()) {
      const answer = await rawRequest(service.address, { method: 'GET', path: BASE_PATH + path, headers });
      const body = JSON.parse(answer.text) as Record<string, any>;
      expect([answer.status, body.code]).toEqual([403, 'loopback_only']);
      expect(body.detail).toContain(says);
    }
    const others = await rawRequest(service.address, { method: 'GET', path: BASE_PATH, headers });
    expect(others.status).toBe(200);
  });
});
