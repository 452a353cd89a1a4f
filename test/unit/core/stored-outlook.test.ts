import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openSqliteRegistry } from '../../../src/adapters/sqlite/certification-registry.js';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { createStoredOutlook } from '../../../src/core/stored-outlook.js';
import { jobStream } from '../../../src/events/stream-names.js';
import { reminderStream } from '../../../src/expiry-check/reminder-stream.js';
import type { NewEvent } from '../../../src/ports/event-log.js';
import { projectionGroups, type GroupName } from '../../../src/projections/groups.js';
import { createProjectionRunner } from '../../../src/projections/projection-runner.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { CRON_ID, given } from '../../support/given.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const NEVER = new AbortController().signal;
const metadata = { actor: 'test', correlation_id: 'test', causation_id: null, schema_version: 1 };

function world() {
  const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  const waiting = { clock, ids: systemIds, path: ':memory:' };
  const [log, store] = [openSqliteEventLog(waiting), openSqliteReadStore(waiting)];
  const registry = openSqliteRegistry(waiting);
  const logger = createCollectingLogger();
  const options = { thresholds: [30, 7], maxAgeHours: null, allowSeconds: false };
  const outlook = createStoredOutlook({ log, store, registry, clock, logger }, options);
  const versions = new Map<string, number>();
  return {
    clock,
    outlook,
    registry,
    async write(stream: string, ...events: Pick<NewEvent, 'type' | 'data'>[]) {
      const written = events.map((event) => ({ ...event, id: systemIds.uuid(), metadata }));
      const expectedVersion = versions.get(stream) ?? 0;
      versions.set(stream, expectedVersion + events.length);
      const [outcome] = await log.append([{ stream, expectedVersion, events: written }]);
      expect(outcome?.kind).toBe('appended');
    },
    async project(name: GroupName) {
      const group = projectionGroups({ allowSeconds: false })[name];
      const runner = createProjectionRunner(group, { log, store, clock, ids: systemIds, logger });
      const over = new AbortController();
      const running = runner.run(over.signal);
      await runner.whenProjected(await log.head(), NEVER);
      over.abort();
      await running;
    },
    close: () => Promise.all([log.close(), store.close(), registry.close()]),
  };
}

let stores: ReturnType<typeof world>;
beforeEach(() => {
  stores = world();
});
afterEach(() => stores.close());

const job = given().after('2026-03-26T10:00:00.000Z', {
  type: 'ScheduleCronJob',
  config: { name: 'nightly', cron_expression: '0 2 * * *' },
});
const changed = job.after('2026-03-26T11:00:00.000Z', {
  type: 'UpdateCronJob',
  changes: { name: 'changed' },
  reason: null,
});
const events = (scenario: typeof job) => scenario.events() as unknown as NewEvent[];

it('a job is as its stored state and the rest of its stream have it', async () => {
  await stores.write(jobStream(CRON_ID), ...events(job));
  expect((await stores.outlook.job(CRON_ID))?.config.name).toBe('nightly');
  await stores.project('jobs');
  await stores.write(jobStream(CRON_ID), ...events(changed).slice(1));
  expect((await stores.outlook.job(CRON_ID))?.config.name).toBe('changed');
  expect((await stores.outlook.jobs()).map(({ config }) => config.name)).toEqual(['changed']);
});

it('a job that is deleted or was never there is none', async () => {
  const deleted = job.after('2026-03-26T12:00:00.000Z', { type: 'DeleteCronJob', reason: null });
  await stores.write(jobStream(CRON_ID), ...events(deleted));
  expect(await stores.outlook.job(CRON_ID)).toBeUndefined();
  expect(await stores.outlook.job('cron-none')).toBeUndefined();
  expect(await stores.outlook.jobs()).toEqual([]);
});

const reminder = {
  type: 'ReminderRequested',
  data: {
    cron_id: CRON_ID,
    run_id: 'run-1',
    mentor_id: 'm',
    certification_id: 'c',
    type: null,
    expires_at: '2026-04-20',
    threshold_days: 30,
    days_left: 25,
    requested_at: '2026-03-26T10:00:00.000Z',
  },
};

it('reminders are known when nothing of the log is missing, whatever else is behind the checkpoint', async () => {
  await stores.write(jobStream(CRON_ID), ...events(job));
  expect(await stores.outlook.knowsReminders(NEVER)).toBeDefined();
  await stores.write(reminderStream('c'), { ...reminder, data: { ...reminder.data } });
  const known = stores.outlook.knowsReminders(NEVER);
  await stores.clock.advance(20_000);
  expect(await known).toBeUndefined();
  await stores.project('reminders');
  await stores.write(jobStream(CRON_ID), ...events(changed).slice(1));
  expect(await stores.outlook.knowsReminders(NEVER)).toBeDefined();
});

it('an explanation knows the reminders and all jobs', async () => {
  await stores.write(jobStream(CRON_ID), ...events(job));
  await stores.write(reminderStream('c'), reminder);
  await stores.project('reminders');
  const record = { certification_id: 'c', mentor_id: 'm', expires_at: '2026-04-20', type: null };
  await stores.registry.upsert([{ ...record, labels: [], status: 'active', renewable_from: null }], 'test');
  const explained = await stores.outlook.explain('c', await stores.outlook.jobs());
  expect(explained?.reminders).toHaveLength(1);
  expect(explained?.jobs).toMatchObject([
    { cron_id: CRON_ID, reason: 'already_asked', next_reminder: { date: '2026-04-13', threshold_days: 7 } },
  ]);
});
