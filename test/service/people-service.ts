import { expect } from '@jest/globals';
import type { Certification } from '../../src/ports/certification-registry.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A service with a registry of certifications, and a job that checks them once a year. */
export interface PeopleService extends RunningApp {
  /** Of the job. */
  id: string;
  createJob(more?: object): Promise<string>;
  /** All rows behind a path that ends with `?` or `&`, page after page. */
  allPages(path: string, limit: number): Promise<{ data: Answer[]; pages: Answer[] }>;
  text(path: string, method?: string): Promise<{ status: number; headers: Headers; text: string }>;
}

type Answer = Record<string, any>;

const DAY_MS = 86_400_000;
const today = Math.floor(Date.now() / DAY_MS);

export const dayIn = (days: number): string => new Date((today + days) * DAY_MS).toISOString().slice(0, 10);

export function record(
  certification_id: string,
  days: number,
  more: Partial<Certification> = {},
): Certification {
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
export const ODD_IDS = ['a/b', 'ä "x", y', '=1+1', ' blank ', 'runs', '100%', '🎓', '\uffee', 'c?d#e', '-7'];

/** Those that a run of today reminds of. */
const DUE = [
  ...ODD_IDS.map((odd) => record(odd, 5, { labels: ['a', 'b "c"', 'ü, ö'], type: 'Erste "Hilfe"' })),
  ...Array.from({ length: 30 }, (_, nth) => record(`due-${nth}`, 25, { mentor_id: `m-${nth % 7}` })),
  record('gone', -3, { mentor_id: 'm-gone' }),
  record('today', 0, { labels: ['eu'] }),
];

export const RECORDS = [
  ...DUE,
  record('far', 400),
  record('left', 5, { status: 'withdrawn', type: 'driving' }),
  record('old', 5, { mentor_id: 'm-renewed', type: 'driving' }),
  record('new', 300, { mentor_id: 'm-renewed', type: 'driving', renewable_from: dayIn(200) }),
];

export const idsOf = (rows: readonly { certification_id?: unknown }[]): string[] =>
  rows.map(({ certification_id }) => String(certification_id));

export const DUE_IDS = idsOf(DUE);

export const byBytes = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

export async function startPeopleService(): Promise<PeopleService> {
  const service = await startApp({
    DATA_DIR: temporaryFolder(),
    ALLOWED_HOSTS: 'certifications.example',
  });
  await service.app.adapters.registry.upsert(RECORDS, 'test');

  async function createJob(more: object = {}): Promise<string> {
    const job = { name: 'yearly', cron_expression: '0 0 1 1 *', ...more };
    return (await service.call('POST', '', job)).body.id as string;
  }

  return {
    ...service,
    id: await createJob(),
    createJob,
    async allPages(path, limit) {
      const pages: Answer[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const { status, body } = await service.call('GET', `${path}limit=${limit}${after}`);
        expect(status).toBe(200);
        expect(body.pagination.limit).toBe(limit);
        pages.push(body);
        cursor = body.pagination.next_cursor as string | null;
      }
      return { pages, data: pages.flatMap(({ data }) => data) };
    },
    async text(path, method = 'GET') {
      const response = await fetch(service.api + path, { method });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
  };
}
