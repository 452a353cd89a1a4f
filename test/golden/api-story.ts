import { operations } from '../../src/documents/openapi/operations.js';
import type { ApiExample } from '../../src/documents/openapi/examples.js';
import { loadConfig } from '../../src/config/config.js';
import type { Certification, CertificationRegistry } from '../../src/ports/certification-registry.js';
import { openAdapters } from '../../src/service/open-adapters.js';
import { operationAt } from '../service/documented-answer.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { createGate } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { createSeededIds } from '../support/seeded-ids.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

/** Examples of all operations whose answers are JSON that says something by itself, as the service answers today. */
export const EXAMPLES_FILE = 'examples/rest-api.json';

const WITHOUT_EXAMPLE = new Set([
  ...['getMetrics', 'streamEvents', 'streamEventsOfJob'],
  ...['getOpenApi', 'getAsyncApi', 'getSchema', 'listSchemas'],
]);
/** Of answers: what examples show. */
const SHOWN_HEADERS = ['etag', 'location', 'content-location', 'retry-after'];

const record = (certification_id: string, mentor_id: string, expires_at: string): Certification => ({
  certification_id,
  mentor_id,
  expires_at,
  type: 'first-aid',
  labels: ['eu'],
  status: 'active',
  renewable_from: null,
});

interface Teller {
  clock: VirtualClock;
  /** From now on runs stay open. @returns lets them end */
  shutGate: () => () => void;
  /** Sends a request, and keeps it with its answer. */
  ask: (
    name: string,
    method: string,
    path: string,
    sent?: { body?: unknown; headers?: Record<string, string> },
  ) => Promise<Record<string, any>>;
}

/** A day in the life of a few jobs, request by request. @param DATA_DIR an empty folder */
export async function tellStory(DATA_DIR: string): Promise<ApiExample[]> {
  const clock = createVirtualClock('2026-03-27T01:59:00.000Z');
  const env = { DATA_DIR, REMINDER_THRESHOLDS: '30,7' };
  const logger = createCollectingLogger();
  const system = { clock, ids: createSeededIds(20), instance: 'service-1', logger };
  const { log, store, registry } = await openAdapters(loadConfig(env), system);
  let gate = createGate();
  gate.open();
  /** While it is shut, checks wait for the records: their runs stay open. */
  const gated: CertificationRegistry = {
    ...registry,
    async *pages() {
      await gate.passed;
      yield* registry.pages();
    },
  };
  const service = await startApp(env, { ...system, log, store, registry: gated });
  const told: ApiExample[] = [];
  try {
    await registry.upsert(
      [record('cert-7', 'mentor-3', '2026-04-01'), record('cert-8', 'mentor-4', '2027-01-31')],
      'story',
    );
    const shutGate = (): (() => void) => {
      gate = createGate();
      const shut = gate;
      return () => {
        shut.open();
      };
    };
    await tell({ clock, shutGate, ask: createAsk(service, told) });
  } finally {
    await service.app.stop();
  }
  const missing = operations
    .map(({ operation: { id } }) => id)
    .filter((id) => !WITHOUT_EXAMPLE.has(id) && !told.some(({ operation }) => operation === id));
  if (missing.length > 0) throw new Error(`no example of ${missing.join(', ')}`);
  return told;
}

async function tell({ clock, shutGate, ask }: Teller): Promise<void> {
  const nightly = { name: 'nightly_expiry_check', cron_expression: '0 2 * * *', enabled: true };
  const created = await ask('A job of every night', 'POST', '', {
    body: nightly,
    headers: { 'Idempotency-Key': 'create-nightly-1' },
  });
  const job = `/${created.id as string}`;
  await ask('Fields that are wrong', 'POST', '', { body: { name: '', cron_expression: '0 2 * *' } });
  await ask('A schedule in New York', 'POST', '/preview', {
    body: {
      cron_expression: '30 2 * * *',
      time_zone: 'America/New_York',
      count: 2,
      from: '2026-11-01T00:00:00Z',
    },
  });
  const weekly = {
    name: 'weekly_eu',
    cron_expression: '0 6 * * MON',
    time_zone: 'Europe/Berlin',
    labels: ['eu'],
  };
  const declared = await ask('A job that was not there', 'PUT', '/by-key/weekly-eu', { body: weekly });
  await ask('The same again', 'PUT', '/by-key/weekly-eu', { body: weekly });
  await ask('By its key', 'GET', '/by-key/weekly-eu');
  await ask('Whom tonight reminds', 'GET', `${job}/forecast`);
  const dry = await ask('A dry run', 'POST', `${job}/execute`, { body: { dry_run: true } });
  await clock.advance(5_000);
  await ask('A dry run', 'GET', `${job}/runs/${dry.run_id as string}`);
  const waiting = ask('A run, with its end', 'POST', `${job}/execute?wait=10`, {
    body: { reason: 'registry was corrected' },
  });
  await clock.advance(5_000);
  const run = await waiting;
  await ask('Whom it has reminded', 'GET', `${job}/runs/${run.run_id as string}/reminders`);
  await ask('The run has ended', 'POST', `${job}/runs/${run.run_id as string}/cancel`);
  await ask('The runs of a job', 'GET', `${job}/runs?limit=1`);
  await ask('The runs of all jobs', 'GET', '/runs?dry_run=true');
  await ask('The slots to come', 'GET', `${job}/next?count=2`);
  await clock.advanceTo('2026-03-27T02:00:05.000Z');
  await ask(
    'The slots of last night',
    'GET',
    `${job}/slots?from=2026-03-27T00:00:00Z&to=2026-03-28T00:00:00Z`,
  );
  const openGate = shutGate();
  const open = await ask('A run', 'POST', `/${declared.id as string}/execute`);
  await ask('Another run is open', 'POST', `/${declared.id as string}/execute`);
  await ask('A run is given up', 'POST', `/${declared.id as string}/runs/${open.run_id as string}/cancel`, {
    body: { reason: 'wrong week' },
  });
  openGate();
  const etag = `"${String(created.config_version)}"`;
  await ask('Half an hour later', 'PUT', job, {
    body: { cron_expression: '30 2 * * *', reason: 'backups end at 2:20' },
    headers: { 'If-Match': etag },
  });
  await ask('Somebody else was quicker', 'PUT', job, {
    body: { enabled: false },
    headers: { 'If-Match': etag },
  });
  await ask('What has changed', 'GET', `${job}/diff?from=1`);
  await ask('As it was', 'GET', `${job}?as_of=1`);
  await ask('Back to its first version', 'POST', `${job}/revert`, {
    body: { version: 1, reason: 'backups are quick again' },
  });
  await ask('Nothing was settled ahead', 'POST', `${job}/reset-watermark`);
  await ask('Who did what', 'GET', `${job}/events?limit=2`);
  await ask('Changes of all jobs', 'GET', '/events?type=CronJobUpdated');
  await ask('A job', 'DELETE', `/${declared.id as string}?reason=moved%20to%20nightly`);
  await ask('It is deleted', 'GET', `/${declared.id as string}`);
  await ask('Deleted by mistake', 'POST', `/${declared.id as string}/restore`, {
    body: { reason: 'it was needed' },
  });
  await ask('A job', 'GET', job);
  await ask('Jobs with a label', 'GET', '?label=eu');
  const eu = { filter: { label: ['eu'] }, action: 'disable', reason: 'holidays' };
  await ask('What would be done', 'POST', '/bulk', { body: { ...eu, dry_run: true } });
  await ask('Jobs with a label', 'POST', '/bulk', {
    body: eu,
    headers: { 'Idempotency-Key': 'holidays-2026' },
  });
  await ask('What expires within a month', 'GET', '/certifications?expires_within=30');
  await ask('Why, and when next', 'GET', '/certifications/cert-7');
  await ask('The leader', 'GET', '/leader');
  await ask('Without credentials', 'GET', '/access');
  await ask('Alive', 'GET', '/livez');
  await ask('Ready', 'GET', '/readyz');
}

function createAsk(service: RunningApp, told: ApiExample[]): Teller['ask'] {
  return async (name, method, path, { body, headers = {} } = {}) => {
    const isOfService = ['/livez', '/readyz'].includes(path);
    const url = new URL((isOfService ? service.address : service.api) + path);
    const answer = await service.call(method, url.href, body, headers);
    const shown = SHOWN_HEADERS.flatMap((header) => {
      const value = answer.headers.get(header);
      return value === null ? [] : [[header, value] as const];
    });
    told.push({
      operation: operationAt(method, url.pathname)?.operation.id ?? '',
      name,
      request: {
        method,
        path: url.pathname + url.search,
        ...(Object.keys(headers).length > 0 && { headers }),
        ...(body !== undefined && { body }),
      },
      answer: {
        status: answer.status,
        ...(shown.length > 0 && { headers: Object.fromEntries(shown) }),
        body: answer.body,
      },
    });
    return answer.body;
  };
}

/** What a story leaves to chance: ids, and the places of events in the log, among those of the lease. */
export function withoutChance(told: readonly ApiExample[]): unknown {
  const names = new Map<string, string>();
  const nameOf = (id: string): string => {
    if (!names.has(id)) names.set(id, `id-${names.size}`);
    return String(names.get(id));
  };
  const text = JSON.stringify(told)
    .replace(
      /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b(cron|run)-[A-Za-z0-9]{11,}\b/g,
      nameOf,
    )
    .replace(/"(position|next_cursor|instance|holder)":"[^"]*"/g, '"$1":"…"');
  return JSON.parse(text);
}
