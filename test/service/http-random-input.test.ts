import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BASE_PATH } from '../../src/http/api.js';
import { expectProblemShape } from './expect-problem.js';
import { rawRequest } from './raw-request.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const ROUNDS = 200;
const JSON_TYPE = { 'content-type': 'application/json' };
const FIELDS = [
  ['name', fc.string({ unit: 'binary', maxLength: 140 })],
  ['cron_expression', fc.constantFrom('0 2 * * *', '@daily', '*/5 * * * *', '0 0 30 2 *', '* * *')],
  ['time_zone', fc.constantFrom('UTC', 'Asia/Kolkata', 'america/new_york', '+05:30', 'constructor')],
  ['enabled', fc.boolean()],
  ['description', fc.option(fc.string({ unit: 'binary' }))],
  ['misfire_grace_seconds', fc.oneof(fc.integer(), fc.double())],
  ['catchup_policy', fc.constantFrom('latest', 'all', 'skip', 'none')],
  ['catchup_window_seconds', fc.integer()],
  ['concurrency_policy', fc.constantFrom('forbid', 'allow', 'replace')],
  ['timeout_seconds', fc.integer({ min: -1, max: 700_000 })],
  ['reason', fc.option(fc.string())],
  ['reminder_thresholds', fc.option(fc.array(fc.integer({ min: -10_000, max: 10_000 }), { maxLength: 22 }))],
  [
    'select',
    fc.option(
      fc.record(
        { types: fc.array(fc.string()), labels: fc.option(fc.array(fc.string())) },
        { requiredKeys: [] },
      ),
    ),
  ],
  ['max_reminders', fc.option(fc.integer({ min: -1, max: 260_000 }))],
  ['version', fc.integer({ min: -1, max: 9 })],
  ['confirm_reminders', fc.integer({ min: -1, max: 260_000 })],
  ['dry_run', fc.boolean()],
  ['action', fc.constantFrom('enable', 'disable', 'execute', 'delete')],
  [
    'filter',
    fc.dictionary(
      fc.constantFrom('status', 'enabled', 'name', 'label', 'last_run_status', 'has_warnings', 'overdue'),
      fc.oneof(fc.boolean(), fc.string(), fc.array(fc.string(), { maxLength: 3 })),
      { maxKeys: 2 },
    ),
  ],
  ['limit', fc.integer({ min: -1, max: 120 })],
  ['cursor', fc.string()],
  ['__proto__', fc.constant({ enabled: false })],
] as const;

/** Known fields with values that mostly fit, some that do not, and fields that nobody knows. */
const jobs = fc
  .array(
    fc.oneof(
      ...FIELDS.map(([field, values]) =>
        fc.tuple(
          fc.constant(field),
          fc.oneof({ arbitrary: values, weight: 4 }, { arbitrary: fc.jsonValue(), weight: 1 }),
        ),
      ),
      fc.tuple(fc.string(), fc.jsonValue()),
    ),
    { maxLength: 6 },
  )
  .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${toJson(value)}`).join()}}`);
const plausible = fc
  .record({
    name: fc.string({ minLength: 1, maxLength: 20 }),
    time_zone: FIELDS[2][1],
    enabled: fc.boolean(),
  })
  .map((job) => JSON.stringify({ ...job, cron_expression: '0 2 * * *' }));
const many = fc
  .record({
    filter: fc.record(
      { enabled: fc.boolean(), name: fc.string({ unit: 'binary', maxLength: 130 }), label: fc.string() },
      { requiredKeys: [] },
    ),
    action: fc.constantFrom('enable', 'disable', 'execute'),
    reason: fc.string(),
  })
  .map(toJson);
const bodies = fc.oneof(jobs, plausible, many, fc.jsonValue().map(toJson), fc.string({ unit: 'binary' }));

const parameters = fc.array(
  fc.tuple(
    fc.oneof(
      fc.constantFrom(
        ...['page', 'limit', 'cursor', 'on', 'expired', 'expires_within', 'type', 'label', 'status'],
        ...[
          'as_of',
          'from',
          'to',
          'actor',
          'wait',
          'name',
          'sort',
          'deleted',
          'trigger',
          'dry_run',
          'overdue',
        ],
      ),
      fc.string(),
    ),
    fc.oneof(fc.integer().map(String), fc.string()),
  ),
  { maxLength: 3 },
);
const ids = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }).map(encodeURIComponent),
  fc.stringMatching(/^cron-[A-Za-z0-9]{1,64}$/),
  fc.stringMatching(/^[%A-Fa-f0-9.]{1,20}$/),
);

/** No answer is larger that was not asked for by a limit of the page. */
const MOST_UNASKED = 65_536;

function toJson(value: unknown): string {
  return JSON.stringify(value);
}

let service: RunningApp;
let id: string;

beforeAll(async () => {
  service = await startApp({ DATA_DIR: temporaryFolder() });
  id = String((await service.call('POST', '', { name: 'job', cron_expression: '0 2 * * *' })).body.id);
});

afterAll(() => service.app.stop());

/** Whatever was asked, the answer is of a documented shape and never the service's own fault. */
async function answers(
  request: { method: string; path: string; body?: string; mount?: string },
  fieldsOfSuccess: string[],
): Promise<void> {
  const { method, path, body, mount = BASE_PATH } = request;
  const answer = await rawRequest(service.address, {
    method,
    path: mount + path,
    ...(body !== undefined && { body, headers: JSON_TYPE }),
  });
  expect(answer.status).toBeLessThan(500);
  expect(answer.text.length).toBeLessThan(MOST_UNASKED);
  const parsed = JSON.parse(answer.text) as Record<string, any>;
  if (answer.status < 300) {
    expect(Object.keys(parsed)).toEqual(expect.arrayContaining(fieldsOfSuccess));
    return;
  }
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expectProblemShape(parsed, answer.status);
}

const JOB = [
  ...[
    'id',
    'name',
    'cron_expression',
    'status',
    'last_run_at',
    'last_run_status',
    'last_run_result',
    'next_run_at',
  ],
  ...[
    'created_at',
    'updated_at',
    'time_zone',
    'enabled',
    'schedule_error',
    'settled_ahead_until',
    'warnings',
  ],
];
const EXECUTED = ['run_id', 'cron_id', 'triggered_at', 'status'];
const RUN = ['run_id', 'cron_id', 'started_at', 'completed_at', 'status', 'result', 'error', 'rules'];
const PAGED = ['data', 'pagination'];
const BULK = ['action', 'dry_run', 'data', 'pagination'];
const UPCOMING = ['cron_id', 'status', 'data'];
const LEDGER = ['cron_id', 'from', 'to', 'data', 'periods', 'next_from'];
const FORECAST = ['on', 'data', 'result', 'pagination'];
const DIFF = ['cron_id', 'from', 'to', 'changes'];
const LEADER = ['instance', 'leading', 'status', 'holder', 'term', 'since'];
const PREVIEW = ['cron_expression', 'time_zone', 'description', 'from', 'data', 'notes'];

describe(`whatever is sent, ${ROUNDS} times`, () => {
  it('as a body', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        await answers({ method: 'POST', path: '', body }, JOB);
        await answers({ method: 'PUT', path: `/${id}`, body }, JOB);
        await answers({ method: 'POST', path: '/preview', body }, PREVIEW);
        await answers({ method: 'POST', path: '/bulk', body }, BULK);
      }),
      { numRuns: ROUNDS },
    );
    // What was taken is there, and can be listed.
    const { body } = await service.call('GET', '?limit=100');
    expect(body.data.length).toBe(Math.min(100, body.pagination.total));
    expect((await service.call('GET', `/${id}`)).status).toBe(200);
  });

  it('as the name of a document or a file of a page', async () => {
    await fc.assert(
      fc.asyncProperty(ids, async (other) => {
        await answers({ method: 'GET', path: `/schemas/${other}`, mount: '' }, ['$id']);
        await answers({ method: 'GET', path: `/docs/${other}`, mount: '' }, []);
        await answers({ method: 'GET', path: `/dashboard/${other}`, mount: '' }, []);
      }),
      { numRuns: ROUNDS },
    );
  });

  it('as an id or a query', async () => {
    await fc.assert(
      fc.asyncProperty(ids, parameters, bodies, async (other, query, body) => {
        const search = query.map((parameter) => parameter.map(encodeURIComponent).join('=')).join('&');
        await answers({ method: 'GET', path: `?${search}` }, PAGED);
        await answers({ method: 'GET', path: `/${id}/runs?${search}` }, PAGED);
        await answers({ method: 'GET', path: `/runs?${search}` }, PAGED);
        await answers({ method: 'GET', path: `/${id}/next?${search}` }, UPCOMING);
        await answers({ method: 'GET', path: `/${id}/slots?${search}` }, LEDGER);
        await answers({ method: 'GET', path: `/${id}/diff?from=1&${search}` }, DIFF);
        await answers({ method: 'GET', path: `/events?${search}` }, PAGED);
        await answers({ method: 'GET', path: `/${id}/events?${search}` }, PAGED);
        await answers({ method: 'GET', path: `/leader?${search}` }, LEADER);
        await answers({ method: 'GET', path: `/access?${search}` }, ['actor', 'scopes']);
        // One that is taken has no end.
        await answers({ method: 'GET', path: `/events/stream?from=now&${search}` }, []);
        await answers({ method: 'GET', path: `/${id}/events/stream?from=now&${search}` }, []);
        await answers({ method: 'GET', path: `/${id}/forecast?${search}` }, FORECAST);
        await answers({ method: 'GET', path: `/${id}/runs/${other}/reminders?${search}` }, PAGED);
        await answers({ method: 'GET', path: `/certifications?${search}` }, PAGED);
        await answers({ method: 'GET', path: `/certifications/${other}?${search}` }, ['jobs', 'pagination']);
        await answers({ method: 'GET', path: `/${other}?${search}` }, JOB);
        await answers({ method: 'GET', path: `/${other}/next` }, UPCOMING);
        await answers({ method: 'GET', path: `/${other}/slots` }, LEDGER);
        await answers({ method: 'GET', path: `/${other}/forecast` }, FORECAST);
        await answers({ method: 'GET', path: `/${other}/runs` }, PAGED);
        await answers({ method: 'GET', path: `/${id}/runs/${other}` }, RUN);
        await answers({ method: 'POST', path: `/${id}/runs/${other}/cancel`, body }, RUN);
        await answers({ method: 'PUT', path: `/${other}`, body }, JOB);
        await answers({ method: 'POST', path: `/${other}/execute`, body }, EXECUTED);
        await answers({ method: 'POST', path: `/${other}/reset-watermark`, body }, JOB);
        await answers({ method: 'POST', path: `/${other}/revert`, body }, JOB);
        await answers({ method: 'POST', path: `/${other}/restore`, body }, JOB);
        await answers({ method: 'GET', path: `/by-key/${other}?${search}` }, JOB);
        await answers({ method: 'PUT', path: `/by-key/${other}`, body }, JOB);
        await answers({ method: 'DELETE', path: `/${other}` }, ['deleted', 'id']);
      }),
      // Each round asks all routes.
      { numRuns: ROUNDS / 2 },
    );
    expect(service.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
