import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteRegistry } from '../../src/adapters/sqlite/certification-registry.js';
import { openSqliteReadStore } from '../../src/adapters/sqlite/read-store.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { jobStream } from '../../src/events/stream-names.js';
import type { CertificationRegistry } from '../../src/ports/certification-registry.js';
import type { ReadStore } from '../../src/ports/read-store.js';
import { StoreError } from '../../src/ports/store-error.js';
import { createGate, eventually, type Gate } from '../support/eventually.js';
import { startApp, type Answer, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const JOB = { name: 'nightly', cron_expression: '0 2 * * *', concurrency_policy: 'allow' };
const RULES = {
  time_zone: 'Asia/Kolkata',
  reminder_thresholds: [60, 7, -3],
  select: { types: ['first_aid'], labels: null },
  max_reminders: 50,
};
const CROWD = 200;
const waiting = { clock: systemClock, ids: systemIds, path: ':memory:' };

let service: RunningApp;
/** While it is closed, checks wait for the registry: their runs stay open. */
let gate: Gate;
let readStore: 'well' | 'down' | 'without runs' = 'well';
let id: string;

beforeAll(async () => {
  const registry = openSqliteRegistry(waiting);
  const store = openSqliteReadStore(waiting);
  const gated: CertificationRegistry = {
    ...registry,
    async *pages() {
      await gate.passed;
      yield* registry.pages();
    },
  };
  const failing: ReadStore = {
    ...store,
    read(model, keys) {
      if (readStore === 'down') return Promise.reject(new StoreError('store_unavailable', 'it is down'));
      if (readStore === 'without runs' && model === 'runs') return Promise.resolve(new Map());
      return store.read(model, keys);
    },
  };
  service = await startApp({ DATA_DIR: temporaryFolder() }, { registry: gated, store: failing });
});
beforeEach(async () => {
  readStore = 'well';
  gate = createGate();
  id = (await service.call('POST', '', JOB)).body.id as string;
});
// A run that is still held would keep the service from stopping.
afterEach(() => gate.open());
afterAll(async () => {
  expect(service.logged.filter(({ level }) => level === 'error')).toEqual([]);
  await service.app.stop();
});

const execute = async (body: object = {}, job = id): Promise<string> =>
  (await service.call('POST', `/${job}/execute`, body)).body.run_id as string;
const run = (runId: string, job = id): Promise<Answer> => service.call('GET', `/${job}/runs/${runId}`);
const cancel = (runId: string, body?: object, job = id): Promise<Answer> =>
  service.call('POST', `/${job}/runs/${runId}/cancel`, body);
const codeOf = ({ status, body }: Answer) => [status, body.code];

async function eventsOf(type: string): Promise<Record<string, unknown>[]> {
  const stream = { direction: 'forwards', limit: 1_000 } as const;
  const events = await service.app.adapters.log.readStream(jobStream(id), stream);
  return events.filter((event) => event.type === type).map(({ data }) => data);
}

describe('a run', () => {
  it('is found as soon as it has been started, with the rules of its start', async () => {
    await service.call('PUT', `/${id}`, RULES);
    const runId = await execute({ confirm_reminders: 5_000 });
    const { status, body } = await run(runId);
    const { data } = (await service.call('GET', `/${id}/runs`)).body;
    expect(status).toBe(200);
    expect(body).toEqual({ ...data[0], rules: { ...RULES, confirm_reminders: 5_000 } });
    expect(body).toMatchObject({ run_id: runId, cron_id: id, status: 'running', trigger: 'manual' });
    // A list of a hundred would say the same a hundred times.
    expect(data[0]).not.toHaveProperty('rules');
  });

  it('shows what it ended with, also when its job is deleted meanwhile', async () => {
    const runId = await execute({ dry_run: true });
    await service.call('DELETE', `/${id}`);
    gate.open();
    await eventually('it ends', async () => (await run(runId)).body.status === 'success');
    const { body } = await run(runId);
    expect(body.result).toMatchObject({ records_checked: 0, warnings: [{ code: 'registry_empty' }] });
    expect(body).toMatchObject({ dry_run: true, rules: { reminder_thresholds: [30, 14, 7, 1, 0] } });
    expect(codeOf(await cancel(runId))).toEqual([409, 'run_not_open']);
    expect(codeOf(await run(runId.replace(/1$/, '2')))).toEqual([404, 'run_not_found']);
    expect(codeOf(await cancel(runId.replace(/1$/, '2')))).toEqual([404, 'run_not_found']);
    readStore = 'down';
    // Nobody can tell.
    expect(codeOf(await cancel(runId))).toEqual([503, 'store_unavailable']);
  });

  it('is not found where it never was', async () => {
    const runId = await execute();
    const other = (await service.call('POST', '', JOB)).body.id as string;
    for (const ask of [run, (asked: string, job?: string) => cancel(asked, {}, job)]) {
      for (const unknown of [runId.replace(/1$/, '2'), runId.replace(/1$/, '0'), 'run-1', 'x'.repeat(300)])
        expect(codeOf(await ask(unknown))).toEqual([404, 'run_not_found']);
      expect(codeOf(await ask(runId, other))).toEqual([404, 'run_not_found']);
      expect(codeOf(await ask(runId, 'cron-none'))).toEqual([404, 'cron_job_not_found']);
    }
  });

  it('that the read models do not have yet is not taken for one that never was', async () => {
    const runId = await execute();
    readStore = 'without runs';
    expect(codeOf(await run(runId))).toEqual([503, 'reads_behind']);
    readStore = 'down';
    expect(codeOf(await run(runId))).toEqual([503, 'store_unavailable']);
  });
});

describe('a confirmation of reminders', () => {
  it.each([
    ['', { dry_run: true }],
    ['?dry_run=true', {}],
    ['?dry_run=true', { dry_run: true }],
  ])('is refused for a dry run: execute%s %j', async (search, body) => {
    const answer = await service.call('POST', `/${id}/execute${search}`, { ...body, confirm_reminders: 5 });
    expect(codeOf(answer)).toEqual([400, 'invalid_request']);
    expect(answer.body.errors).toMatchObject([{ field: 'confirm_reminders' }]);
    expect(await eventsOf('RunStarted')).toEqual([]);
  });

  it('is taken from the body alone', async () => {
    const answer = await service.call('POST', `/${id}/execute?confirm_reminders=5`);
    expect(answer.body.errors).toMatchObject([
      { field: 'confirm_reminders', message: expect.stringContaining('is not known') },
    ]);
    await execute({ dry_run: false, confirm_reminders: 5 });
    expect(await eventsOf('RunStarted')).toMatchObject([{ rules: { confirm_reminders: 5 } }]);
  });
});

describe('a run that is cancelled', () => {
  it('has failed, with the reason, everywhere; its check stops, and the next one may start', async () => {
    const runId = await execute();
    const { status, headers, body } = await cancel(runId, { reason: 'a wrong import' });
    expect([status, headers.get('reads-lag')]).toEqual([200, null]);
    expect(body).toMatchObject({
      run_id: runId,
      status: 'failed',
      result: null,
      error: { code: 'cancelled', message: 'a wrong import' },
      rules: { confirm_reminders: null },
    });
    expect((await run(runId)).body).toEqual(body);
    expect((await service.call('GET', `/${id}`)).body.last_run_status).toBe('failed');
    expect(codeOf(await cancel(runId))).toEqual([409, 'run_not_open']);
    gate.open();
    const next = await execute();
    await eventually('the next one ends', async () => (await run(next)).body.status === 'success');
    expect(await eventsOf('RunCompleted')).toHaveLength(2);
  });

  it('needs no body, and takes nothing but a reason', async () => {
    const runId = await execute();
    for (const [search, body] of [
      ['?reason=no', {}],
      ['', { force: true }],
      ['', { reason: 5 }],
      ['', { reason: 'x'.repeat(1_001) }],
    ] as const) {
      const answer = await service.call('POST', `/${id}/runs/${runId}/cancel${search}`, body);
      expect(codeOf(answer)).toEqual([400, 'invalid_request']);
    }
    expect((await cancel(runId)).body.error.message).toBe('cancelled without a reason');
  });

  it('of a deleted job has failed all the same', async () => {
    const runId = await execute();
    await service.call('DELETE', `/${id}`);
    expect((await cancel(runId)).body).toMatchObject({ status: 'failed', error: { code: 'cancelled' } });
    expect(codeOf(await cancel(runId))).toEqual([409, 'run_not_open']);
  });

  it(`by ${CROWD} clients at once has ended once`, async () => {
    const runId = await execute();
    const answers = await Promise.all(Array.from({ length: CROWD }, () => cancel(runId)));
    const codes = answers.map(codeOf).map(([status, code]) => `${status} ${code}`);
    expect(codes.filter((code) => code === '200 undefined')).toHaveLength(1);
    expect(codes.filter((code) => code === '409 run_not_open')).toHaveLength(CROWD - 1);
    expect(await eventsOf('RunCompleted')).toHaveLength(1);
  });

  it('while the read store is down is answered with what is known without it', async () => {
    const runId = await execute({ confirm_reminders: 7 });
    const known = (await run(runId)).body;
    readStore = 'down';
    const { status, headers, body } = await cancel(runId);
    expect([status, headers.get('reads-lag')]).toEqual([200, 'true']);
    expect(body).toEqual({ ...known, completed_at: body.completed_at, status: 'failed', error: body.error });
    expect(body).toMatchObject({ error: { code: 'cancelled' }, rules: { confirm_reminders: 7 } });
  });
});

it('the metrics count how runs have ended, what they warned of, and what the registry has', async () => {
  await service.app.adapters.registry.upsert(
    [
      {
        certification_id: 'c1',
        mentor_id: 'm1',
        expires_at: '2020-01-01',
        type: null,
        labels: [],
        status: 'suspended',
        renewable_from: null,
      },
    ],
    'test',
  );
  const text = await (await fetch(`${service.address}/metrics`)).text();
  for (const line of [
    /^certification_cron_runs_ended_total\{outcome="cancelled"\} [1-9]/m,
    /^certification_cron_runs_ended_total\{outcome="too_many_reminders"\} 0$/m,
    /^certification_cron_run_warnings_total\{code="registry_empty"\} [1-9]/m,
    /^certification_cron_certifications\{status="suspended"\} 1$/m,
    /^certification_cron_registry_last_change_timestamp_seconds \d/m,
  ])
    expect(text).toMatch(line);
});
