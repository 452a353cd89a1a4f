import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { importCertifications } from '../../src/import/import-certifications.js';
import type { Certification, StoredCertification } from '../../src/ports/certification-registry.js';
import { StoreError } from '../../src/ports/store-error.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import {
  byBytes,
  dayIn,
  idsOf,
  ODD_IDS,
  record,
  RECORDS,
  startPeopleService,
  type PeopleService,
} from './people-service.js';

let people: PeopleService;
beforeAll(async () => {
  people = await startPeopleService();
});
afterAll(() => people.app.stop());

describe('the certifications', () => {
  it('come by expiry, those already expired first, and the other way', async () => {
    const { data } = await people.allPages('/certifications?', 9);
    expect(data).toHaveLength(RECORDS.length);
    const days = data.map(({ days_left }) => Number(days_left));
    expect(days).toEqual([...days].sort((one, other) => one - other));
    expect(idsOf(data)[0]).toBe('gone');
    const back = await people.allPages('/certifications?sort=-expires_at&', 9);
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
    const { status, body } = await people.call('GET', `/certifications?${query}`);
    expect([status, idsOf(body.data)]).toEqual([200, found]);
  });

  it('show the whole record', async () => {
    const { body } = await people.call('GET', '/certifications?mentor_id=m-renewed&expired=false&limit=1');
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
    const { headers, text: csv } = await people.text('/certifications?format=csv');
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
    expect(await all(other)).toEqual(await all(people.app.adapters.registry));
    await other.close();
  });

  it('as CSV are each there once, however many they are, or as many as the limit says', async () => {
    const { registry } = people.app.adapters;
    const many = Array.from({ length: 1_001 }, (_, nth) =>
      record(`many-${nth}`, 700 + (nth % 3), { type: 'many' }),
    );
    await registry.upsert(many, 'test');
    try {
      const lines = (await people.text('/certifications?type=many&format=csv')).text
        .split('\r\n')
        .slice(1, -1);
      const found = lines.map((line) => line.split(',')[0] ?? '');
      expect([...found].sort()).toEqual(idsOf(many).sort());
      const some = (await people.text('/certifications?type=many&format=csv&limit=100')).text.split('\r\n');
      expect(some.slice(1, -1)).toEqual(lines.slice(0, 100));
    } finally {
      await registry.remove(idsOf(many));
    }
  });

  it('as CSV break off when the registry fails on the way, so that no part is taken for the whole', async () => {
    const { registry } = people.app.adapters;
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
      await expect(people.text('/certifications?format=csv')).rejects.toThrow();
      failAfter(0);
      const { status, headers } = await people.text('/certifications?format=csv');
      expect([status, headers.get('content-type')]).toEqual([503, expect.stringContaining('problem+json')]);
    } finally {
      registry.list = list;
    }
  });

  it.each(ODD_IDS)('are found by their ids: %j', async (odd) => {
    const { status, body } = await people.call('GET', `/certifications/${encodeURIComponent(odd)}`);
    expect([status, body.certification_id]).toEqual([200, odd]);
  });

  it('tell what jobs will do', async () => {
    const { body } = await people.call('GET', '/certifications/old?limit=1');
    expect(body).toMatchObject({ days_left: 5, unreadable: null, reminders: [], reminders_left_out: 0 });
    expect(body.jobs).toEqual([
      {
        cron_id: people.id,
        name: 'yearly',
        status: 'active',
        next_reminder: null,
        reason: 'superseded',
        superseded_by: 'new',
      },
    ]);
    expect(body.pagination).toEqual({ page: 1, limit: 1, total: expect.any(Number) });
    expect((await people.call('GET', '/certifications/old?page=1000')).body.jobs).toEqual([]);
  });

  it.each(['none', '%00', encodeURIComponent('x'.repeat(201))])('are not there: %s', async (none) => {
    const { status, body } = await people.call('GET', `/certifications/${none}`);
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
    const { registry } = people.app.adapters;
    const wideOnes = Array.from({ length: 20 }, (_, nth) => widest(100 + nth, 900));
    await registry.upsert(wideOnes, 'test');
    try {
      const type = encodeURIComponent(wide.repeat(128));
      const listed = await people.text(`/certifications?type=${type}`);
      const forecast = await people.text(`/${people.id}/forecast?on=${dayIn(899)}`);
      const details = await people.text(
        `/certifications/${encodeURIComponent(wideOnes[0]?.certification_id ?? '')}`,
      );
      expect(JSON.parse(forecast.text).data).toHaveLength(20);
      for (const { status, text: body } of [listed, forecast, details])
        expect([status, Buffer.byteLength(body) < 65_536]).toEqual([200, true]);
      const page = JSON.parse(listed.text) as Record<string, any>;
      expect(page.data.length).toBeGreaterThan(2);
      const next = await people.call('GET', `/certifications?cursor=${page.pagination.next_cursor}`);
      expect(idsOf(next.body.data)[0]).toBe(wideOnes[page.data.length]?.certification_id);
    } finally {
      await registry.remove(idsOf(wideOnes));
    }
  });
});
