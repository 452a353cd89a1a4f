import assert from 'node:assert/strict';
import type { operations } from './api.js';
import { assertProblem, client, dataOf, firstEvent, noText, type Schemas } from './client.js';

const API = '/api/v1/certification-cron';

/** What a call leaves for those after it: parameters of paths, and a condition of writes. */
const job = { id: '' };
const run = { id: '', run_id: '' };
let etag = '';
const key = 'typescript';
const text = { parseAs: 'text' } as const;

/** One call or more of each operation, in this order. The compiler names an operation that is not there. */
export const calls: Record<keyof operations, () => Promise<void>> = {
  async createJob() {
    const body: Schemas['CreateJobRequest'] = {
      name: 'nightly',
      cron_expression: '0 2 * * *',
      concurrency_policy: 'allow',
      select: { types: ['Erste "Hilfe"'] },
      labels: ['eu', 'night & day'],
    };
    const header = { 'Idempotency-Key': 'typescript-1' };
    const created: Schemas['Job'] = dataOf(await client.POST(API, { params: { header }, body }), 201);
    assert.deepEqual(created.select, { types: ['Erste "Hilfe"'], labels: null });
    const again = await client.POST(API, { params: { header }, body });
    assert.equal(dataOf(again, 201).id, created.id);
    etag = again.response.headers.get('etag') ?? '';
    job.id = run.id = created.id;
    const { error } = await client.POST(API, { body: { ...body, name: '' } });
    assertProblem(error, 400, 'invalid_request');
    assert.equal(error?.errors?.[0]?.field, 'name');
  },
  async listJobs() {
    const label = ['eu', 'night & day'];
    const query = { enabled: true, sort: '-created_at', limit: 1 } as const;
    const { data, pagination }: Schemas['JobList'] = dataOf(
      await client.GET(API, { params: { query: { ...query, label } } }),
    );
    assert.deepEqual([data[0]?.id, data[0]?.status, pagination.total], [job.id, 'active', 1]);
  },
  async updateJob() {
    const header = { 'If-Match': etag };
    const body = { time_zone: 'Asia/Kolkata', reason: 'the office moves' };
    const params = { path: job, header };
    const updated: Schemas['Job'] = dataOf(await client.PUT(`${API}/{id}`, { params, body }));
    assert.equal(updated.time_zone, 'Asia/Kolkata');
    const { error } = await client.PUT(`${API}/{id}`, { params, body: { enabled: false } });
    assertProblem(error, 412, 'precondition_failed');
  },
  async getJob() {
    const asked = { path: job, query: { as_of: 1 } };
    const shown: Schemas['ShownJob'] = dataOf(await client.GET(`${API}/{id}`, { params: asked }));
    assert.deepEqual([shown.time_zone, shown.version], ['UTC', 1]);
    const { error } = await client.GET(`${API}/{id}`, { params: { path: { id: 'cron-0' } } });
    assertProblem(error, 404, 'cron_job_not_found');
  },
  async diffJob() {
    const params = { path: job, query: { from: 1, to: new Date().toISOString() } };
    const { changes }: Schemas['JobDiff'] = dataOf(await client.GET(`${API}/{id}/diff`, { params }));
    assert.deepEqual(changes, [{ field: 'time_zone', from: 'UTC', to: 'Asia/Kolkata' }]);
  },
  async revertJob() {
    const body = { version: 1, reason: 'it moves back' };
    const reverted = dataOf(await client.POST(`${API}/{id}/revert`, { params: { path: job }, body }));
    assert.equal(reverted.time_zone, 'UTC');
  },
  async declareJob() {
    const body = { name: 'declared', cron_expression: '*/5 * * * *', enabled: false };
    const params = { path: { key } };
    const declared: Schemas['DeclaredJob'] = dataOf(
      await client.PUT(`${API}/by-key/{key}`, { params, body }),
      201,
    );
    assert.equal(declared.declared, 'created');
    assert.equal(dataOf(await client.PUT(`${API}/by-key/{key}`, { params, body })).declared, 'unchanged');
  },
  async actOnJobs() {
    const filter = { label: ['night & day'] };
    const body = { filter, action: 'disable', reason: 'a holiday', dry_run: true, limit: 10 } as const;
    const { data }: Schemas['BulkAnswer'] = dataOf(
      await client.POST(`${API}/bulk`, { body: { ...body, filter } }),
    );
    assert.deepEqual(
      data.map(({ id, outcome, error }) => [id, outcome, error]),
      [[job.id, 'would_do', null]],
    );
  },
  async getJobByKey() {
    const found: Schemas['Job'] = dataOf(
      await client.GET(`${API}/by-key/{key}`, { params: { path: { key } } }),
    );
    assert.deepEqual([found.key, found.status, found.next_run_at], [key, 'disabled', null]);
  },
  async resetWatermark() {
    const params = { path: { key: 'settled-ahead' } };
    const { id, settled_ahead_until } = dataOf(await client.GET(`${API}/by-key/{key}`, { params }));
    assert.notEqual(settled_ahead_until, null);
    const reset = dataOf(await client.POST(`${API}/{id}/reset-watermark`, { params: { path: { id } } }));
    assert.equal(reset.settled_ahead_until, null);
  },
  async nextSlots() {
    const params = { path: job, query: { count: 3 } };
    const { data, time_zone }: Schemas['NextSlots'] = dataOf(
      await client.GET(`${API}/{id}/next`, { params }),
    );
    assert.deepEqual([data.length, time_zone], [3, 'UTC']);
  },
  async slotLedger() {
    const ledger: Schemas['SlotLedger'] = dataOf(
      await client.GET(`${API}/{id}/slots`, { params: { path: job } }),
    );
    assert.equal(ledger.periods.at(-1)?.state, 'active');
  },
  async previewSchedule() {
    const body = {
      cron_expression: '30 2 * * *',
      time_zone: 'America/New_York',
      from: '2026-03-08T00:00:00Z',
    };
    const { data }: Schemas['SchedulePreview'] = dataOf(
      await client.POST(`${API}/preview`, { body: { ...body, count: 1 } }),
    );
    assert.match(data[0]?.note ?? '', /\w/);
  },
  async executeJob() {
    const asked = { path: job, query: { wait: 20 } };
    const { data: ended } = await client.POST(`${API}/{id}/execute`, { params: asked });
    assert(ended?.status === 'success');
    assert((ended.result?.reminders_sent ?? 0) > 0);
    assert.equal(ended.result?.reasons?.withdrawn, 1);
    run.run_id = ended.run_id;
  },
  async cancelRun() {
    const header = { 'Idempotency-Key': 'held' };
    const params = { path: job, header };
    const started = dataOf(
      await client.POST(`${API}/{id}/execute`, { params, body: { dry_run: true } }),
      202,
    );
    const path = { id: job.id, run_id: started.run_id };
    const body = { reason: 'a wrong import' };
    const cancelled: Schemas['Run'] = dataOf(
      await client.POST(`${API}/{id}/runs/{run_id}/cancel`, { params: { path }, body }),
    );
    assert.equal(cancelled.error?.code, 'cancelled');
  },
  async getRun() {
    const params = { path: run, query: { wait: 1 } };
    const found: Schemas['Run'] = dataOf(await client.GET(`${API}/{id}/runs/{run_id}`, { params }));
    assert.deepEqual(found.rules?.select?.types, ['Erste "Hilfe"']);
  },
  async listRunsOfJob() {
    const params = { path: job, query: { status: 'success', dry_run: false } } as const;
    const { data }: Schemas['RunsOfJob'] = dataOf(await client.GET(`${API}/{id}/runs`, { params }));
    assert.deepEqual(
      data.map(({ run_id, trigger }) => [run_id, trigger]),
      [[run.run_id, 'manual']],
    );
  },
  async listRuns() {
    const query = { trigger: 'manual', from: '2026-01-01T00:00:00Z', limit: 5 } as const;
    const { data }: Schemas['Runs'] = dataOf(await client.GET(`${API}/runs`, { params: { query } }));
    assert(data.some(({ run_id }) => run_id === run.run_id));
  },
  async listReminders() {
    const at = `${API}/{id}/runs/{run_id}/reminders` as const;
    const { data }: Schemas['Reminders'] = noText(dataOf(await client.GET(at, { params: { path: run } })));
    assert.match(data[0]?.requested_at ?? '', /Z$/);
    const params = { path: run, query: { format: 'csv' } } as const;
    assert.match(dataOf(await client.GET(at, { params, ...text })), /^certification_id,.+\r?\n/);
  },
  async forecast() {
    const at = `${API}/{id}/forecast` as const;
    const query = { on: '2026-01-01', limit: 2 };
    const forecast: Schemas['Forecast'] = noText(
      dataOf(await client.GET(at, { params: { path: job, query } })),
    );
    assert.equal(forecast.on, '2026-01-01');
    assert.equal(typeof forecast.result.mentors_checked, 'number');
    const params = { path: job, query: { format: 'csv' } } as const;
    assert.match(dataOf(await client.GET(at, { params, ...text })), /^certification_id,.+\r?\n/);
  },
  async listCertifications() {
    const query = { status: 'active', type: 'Erste "Hilfe"', limit: 3 } as const;
    const { data, pagination }: Schemas['Certifications'] = noText(
      dataOf(await client.GET(`${API}/certifications`, { params: { query } })),
    );
    assert.equal(data.length, 3);
    assert.deepEqual(data[0]?.labels, ['a', 'b "c"', 'ü, ö']);
    assert.match(pagination.next_cursor ?? '', /\w/);
    const params = { query: { format: 'csv' } } as const;
    assert.match(dataOf(await client.GET(`${API}/certifications`, { params, ...text })), /a\/b/);
  },
  async explainCertification() {
    const at = `${API}/certifications/{certification_id}` as const;
    const certification_id = 'a/b';
    const found: Schemas['Certification'] = dataOf(
      await client.GET(at, { params: { path: { certification_id } } }),
    );
    assert.equal(found.certification_id, certification_id);
    assert(found.reminders.some(({ run_id }) => run_id === run.run_id));
    const { error } = await client.GET(at, { params: { path: { certification_id: 'nobody' } } });
    assertProblem(error, 404, 'certification_not_found');
  },
  async deleteJob() {
    const body = { reason: 'no longer needed' };
    const deleted: Schemas['DeletedJob'] = dataOf(
      await client.DELETE(`${API}/{id}`, { params: { path: job }, body }),
    );
    assert.deepEqual(deleted, { deleted: true, id: job.id });
  },
  async restoreJob() {
    const body = { reason: 'it was needed' };
    const restored = dataOf(await client.POST(`${API}/{id}/restore`, { params: { path: job }, body }));
    assert.equal(restored.status, 'active');
  },
  async listEventsOfJob() {
    const params = { path: job, query: { order: 'asc' } } as const;
    const { data }: Schemas['JobEvents'] = dataOf(await client.GET(`${API}/{id}/events`, { params }));
    const moved = data.find(({ type, reason }) => type === 'CronJobUpdated' && reason === 'the office moves');
    assert.equal(moved?.changes?.[0]?.field, 'time_zone');
  },
  async listEvents() {
    const { data }: Schemas['JobEvents'] = dataOf(
      await client.GET(`${API}/events`, {
        params: { query: { type: ['CronJobDeleted', 'CronJobRestored'], cron_id: job.id } },
      }),
    );
    assert.deepEqual(
      data.map(({ type }) => type),
      ['CronJobRestored', 'CronJobDeleted'],
    );
  },
  async streamEventsOfJob() {
    const query = { from: 'start' } as const;
    const event = await firstEvent((signal) =>
      client.GET(`${API}/{id}/events/stream`, { params: { path: job, query }, parseAs: 'stream', signal }),
    );
    assert.match(event, /CronJobScheduled/);
  },
  async streamEvents() {
    const event = await firstEvent((signal) =>
      client.GET(`${API}/events/stream`, {
        params: { query: { from: 'start', type: ['CronJobDeleted', 'CronJobRestored'] } },
        parseAs: 'stream',
        signal,
      }),
    );
    assert.match(event, /CronJobDeleted/);
  },
  async getLeader() {
    const leader: Schemas['Leader'] = dataOf(await client.GET(`${API}/leader`));
    assert.deepEqual([leader.leading, leader.status], [true, 'held']);
  },
  async getAccess() {
    const { actor, scopes }: Schemas['Access'] = dataOf(await client.GET(`${API}/access`));
    const may: Schemas['Scope'][] = ['read', 'operate', 'write', 'admin', 'people'];
    assert.deepEqual([actor.startsWith('key:'), scopes], [true, may]);
  },
  async isLive() {
    const live: Schemas['Liveness'] = dataOf(await client.GET('/livez'));
    assert.equal(live.status, 'ok');
  },
  async isReady() {
    const ready: Schemas['Readiness'] = dataOf(await client.GET('/readyz'));
    assert.deepEqual(ready.dependencies.registry.status, 'ok');
  },
  async getMetrics() {
    assert.match(dataOf(await client.GET('/metrics', text)), /^certification_cron_build_info\{/m);
  },
  async getOpenApi() {
    assert.equal(dataOf(await client.GET('/openapi.json')).openapi, '3.1.1');
  },
  async getAsyncApi() {
    assert.match(String(dataOf(await client.GET('/asyncapi.json')).asyncapi), /^3\./);
  },
  async listSchemas() {
    const { schemas }: Schemas['SchemaList'] = dataOf(await client.GET('/schemas'));
    assert(schemas.length > 20);
  },
  async getSchema() {
    const params = { path: { file: 'RunStarted.3.json' } };
    assert.equal(dataOf(await client.GET('/schemas/{file}', { params })).type, 'object');
    const { error } = await client.GET('/schemas/{file}', { params: { path: { file: 'Nothing.1.json' } } });
    assertProblem(error, 404, 'path_not_found');
  },
};
