import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import {
  byBytes,
  dayIn,
  DUE_IDS,
  idsOf,
  RECORDS,
  startPeopleService,
  type PeopleService,
} from './people-service.js';

let people: PeopleService;
beforeAll(async () => {
  people = await startPeopleService();
});
afterAll(() => people.app.stop());

async function ended(run: string): Promise<void> {
  await eventually('the run has ended', async () => {
    const { body } = await people.call('GET', `/${people.id}/runs`);
    return body.data.find(({ run_id }: any) => run_id === run)?.status === 'success';
  });
}

describe('a forecast', () => {
  it('comes in pages by mentor and id, each with the whole result', async () => {
    const { pages, data } = await people.allPages(`/${people.id}/forecast?`, 7);
    const one = await people.call('GET', `/${people.id}/forecast?limit=100`);
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
    const first = await people.call('GET', `/${people.id}/forecast?on=${dayIn(399)}&limit=1`);
    expect([first.body.on, idsOf(first.body.data)]).toEqual([dayIn(399), ['far']]);
    expect(first.body.pagination).toEqual({ limit: 1, next_cursor: null });
    const soon = await people.call('GET', `/${people.id}/forecast?on=${dayIn(1)}&limit=1`);
    const cursor = soon.body.pagination.next_cursor as string;
    expect((await people.call('GET', `/${people.id}/forecast?cursor=${cursor}`)).body.on).toBe(dayIn(1));
    const other = await people.call('GET', `/${people.id}/forecast?on=${dayIn(2)}&cursor=${cursor}`);
    expect([other.status, other.body.errors]).toEqual([
      400,
      [{ field: 'cursor', message: `is that of the forecast on ${dayIn(1)}` }],
    ]);
  });

  it('is that of a disabled job too, and of no deleted or unknown one', async () => {
    const disabled = await people.createJob({ enabled: false });
    expect((await people.call('GET', `/${disabled}/forecast`)).status).toBe(200);
    await people.call('DELETE', `/${disabled}`);
    for (const none of [disabled, 'cron-unknown', 'nothing']) {
      const { status, body } = await people.call('GET', `/${none}/forecast`);
      expect([status, body.code]).toEqual([404, 'cron_job_not_found']);
    }
  });

  it('as CSV has all rows, unless a limit is given', async () => {
    const { data } = await people.allPages(`/${people.id}/forecast?`, 100);
    const { status, headers, text: csv } = await people.text(`/${people.id}/forecast?format=csv`);
    const lines = csv.split('\r\n');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8; header=present']);
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="forecast-${people.id}-${dayIn(0)}.csv"`,
    );
    expect(lines[0]).toBe('certification_id,mentor_id,type,expires_at,days_left,threshold_days');
    expect(lines).toHaveLength(data.length + 2);
    expect((await people.text(`/${people.id}/forecast?format=csv&limit=3`)).text.split('\r\n')).toHaveLength(
      5,
    );
    const head = await people.text(`/${people.id}/forecast?format=csv`, 'HEAD');
    expect([head.status, head.headers.get('content-type'), head.text]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
      '',
    ]);
  });

  it('asked for by 200 clients at once is answered to all', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => people.call('GET', `/${people.id}/forecast`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  it('ends when its client hangs up', async () => {
    const { registry } = people.app.adapters;
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
      const asking = fetch(`${people.api}/${people.id}/forecast`, { signal: leaving.signal });
      await eventually('the walk has begun', () => isBegun);
      leaving.abort();
      await expect(asking).rejects.toThrow();
      await eventually('the walk is over', () => isOver);
    } finally {
      registry.pages = pages;
    }
    expect(people.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('names whom a real run then reminds, and nobody after it', async () => {
    const { data } = await people.allPages(`/${people.id}/forecast?`, 100);
    expect(idsOf(data).sort()).toEqual([...DUE_IDS].sort());
    const dry = await people.call('POST', `/${people.id}/execute`, { dry_run: true });
    await ended(String(dry.body.run_id));
    const run = String((await people.call('POST', `/${people.id}/execute`)).body.run_id);
    await ended(run);
    const reminders = await people.allPages(`/${people.id}/runs/${run}/reminders?`, 9);
    expect(
      reminders.data.map(({ requested_at, ...row }) => {
        expect(requested_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
        return row;
      }),
    ).toEqual(data);
    const none = await people.call('GET', `/${people.id}/runs/${dry.body.run_id}/reminders`);
    expect(none.body).toEqual({ data: [], pagination: { limit: 20, next_cursor: null } });

    const after = await people.call('GET', `/${people.id}/forecast`);
    expect(after.body.data).toEqual([]);
    expect(after.body.result.reasons.already_asked).toBe(DUE_IDS.length);

    const csv = (await people.text(`/${people.id}/runs/${run}/reminders?format=csv`)).text.split('\r\n');
    expect(csv[0]).toBe('certification_id,mentor_id,type,expires_at,days_left,threshold_days,requested_at');
    expect(csv).toHaveLength(data.length + 2);

    const explained = (await people.call('GET', '/certifications/today')).body;
    expect(explained.reminders).toEqual([
      {
        cron_id: people.id,
        run_id: run,
        threshold_days: expect.any(Number),
        days_left: 0,
        expires_at: dayIn(0),
        requested_at: expect.stringMatching(/:\d\dZ$/),
      },
    ]);
    expect(explained.jobs.find(({ cron_id }: any) => cron_id === people.id).reason).toBe('already_asked');
  });

  it('has no reminders of runs that are not of the job', async () => {
    const other = await people.createJob();
    const run = String((await people.call('POST', `/${other}/execute`)).body.run_id);
    for (const path of [`/${people.id}/runs/${run}/reminders`, `/${people.id}/runs/x%2Fy/reminders`]) {
      const { status, body } = await people.call('GET', path);
      expect([status, body.code]).toEqual([404, 'run_not_found']);
    }
    expect((await people.call('GET', `/cron-none/runs/${run}/reminders`)).body.code).toBe(
      'cron_job_not_found',
    );
  });
});
