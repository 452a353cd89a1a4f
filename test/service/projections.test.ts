import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { systemIds } from '../../src/adapters/system/ids.js';
import { LEADER_LEASE_STREAM } from '../../src/events/stream-names.js';
import { loadConfig } from '../../src/config/config.js';
import { openAdapters } from '../../src/service/open-adapters.js';
import type { Adapters } from '../../src/ports/adapters.js';
import { projectionGroups } from '../../src/projections/groups.js';
import { createProjectionRunner } from '../../src/projections/projection-runner.js';
import { createJobFold } from '../../src/fold/job-fold.js';
import { START } from '../../src/ports/event-log.js';
import { EMPTYING, type ReadStore } from '../../src/ports/read-store.js';
import { seedFold } from '../../src/fold/seed-fold.js';
import { toLeaseEvent } from '../../src/leadership/lease-record.js';
import { startEventStore } from '../stand-ins/eventstoredb/start-event-store.js';
import { createCollectingLogger } from '../support/collecting-logger.js';
import { append, sampleEvent } from '../support/sample-events.js';
import { defaultJobConfig } from '../../src/events/job-config.js';
import { StoreError } from '../../src/ports/store-error.js';
import { createGate, eventually } from '../support/eventually.js';
import { jobRow } from '../support/sample-documents.js';
import { differingRows } from '../support/compare-read-models.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { createVirtualClock } from '../support/virtual-clock.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const JOB = { name: 'nightly', cron_expression: '0 2 * * *' };
let service: RunningApp | undefined;

async function start(
  folder: string,
  env: Record<string, string> = {},
  overrides: Partial<Adapters> = {},
): Promise<RunningApp> {
  service = await startApp({ DATA_DIR: folder, ...env }, overrides);
  return service;
}

async function stop(): Promise<void> {
  await service?.app.stop();
  service = undefined;
}

afterEach(stop);

const removeStore = (folder: string, name: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, name + suffix), { force: true });
};

async function listed(): Promise<string[]> {
  for (;;) {
    const answer = await service?.call('GET', '?limit=100');
    const data: { name: string }[] = answer?.body.data ?? [];
    if (data.length > 0) return data.map(({ name }) => name);
  }
}

describe('the read models', () => {
  it('are made anew when they are gone', async () => {
    const folder = temporaryFolder();
    const first = await start(folder);
    const { body: job } = await first.call('POST', '', JOB);
    await first.call('PUT', `/${job.id}`, { name: 'renamed' });
    await stop();
    removeStore(folder, 'read.db');
    const { app } = await start(folder);
    expect(await listed()).toEqual(['renamed']);
    expect(await differingRows(app.adapters.log, app.adapters.store)).toEqual([]);
  });

  it('are made anew, and say so, when the log is another one', async () => {
    const [folder, other] = [temporaryFolder(), temporaryFolder()];
    const first = await start(folder);
    await first.call('POST', '', { ...JOB, name: 'of the first log' });
    await stop();
    const second = await start(other);
    await second.call('POST', '', { ...JOB, name: 'of the second log' });
    await stop();
    removeStore(folder, 'log.db');
    await (await import('node:fs/promises')).cp(join(other, 'log.db'), join(folder, 'log.db'));

    const mixed = await start(folder);
    expect(await listed()).toEqual(['of the second log']);
    expect(mixed.logged).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'rebuilding read models from the log' }),
    );
    expect(await differingRows(mixed.app.adapters.log, mixed.app.adapters.store)).toEqual([]);
  });

  it.each(['to', 'from'] as const)('follow when the log is changed %s EventStoreDB', async (direction) => {
    const folder = temporaryFolder();
    const eventStore = await startEventStore();
    const servers = { EVENTSTORE_URL: eventStore.connectionString };
    const [before, after] = direction === 'to' ? [{}, servers] : [servers, {}];
    // No reminder was ever asked for, so the checkpoint of reminders tells of no event.
    const first = await start(folder, before);
    await first.call('POST', '', { ...JOB, name: 'of the first log' });
    await stop();
    const second = await start(folder, after);
    const { body } = await second.call('POST', '', { ...JOB, name: 'of the second log' });
    await second.call('POST', `/${body.id}/execute`, { dry_run: true });
    await eventually('the run has ended', async () => {
      const { data } = (await second.call('GET', `/${body.id}/runs`)).body;
      return data?.[0]?.status === 'success';
    });
    expect(await listed()).toEqual(['of the second log']);
    await stop();
    eventStore.close();
  });

  it('have what was just written, also before anybody projects, and when somebody begins to', async () => {
    const folder = temporaryFolder();
    const { log, store, ...adapters } = await openAdapters(loadConfig({ DATA_DIR: folder }), {
      logger: createCollectingLogger(),
    });
    const taken = { holder: 'another one', term: 1, since: '2026-03-26T10:00:00.000Z', lease_ms: 300 };
    const events = [toLeaseEvent(systemIds.uuid(), 'LeaseTaken', taken)];
    await log.append([{ stream: LEADER_LEASE_STREAM, expectedVersion: 0, events }]);
    const gate = createGate();
    let projecting = false;
    const held: ReadStore = {
      ...store,
      async write(changes, checkpoint) {
        // With a checkpoint it is the projector.
        if (checkpoint !== undefined) {
          projecting = true;
          await gate.passed;
        }
        await store.write(changes, checkpoint);
      },
    };
    const service = await start(folder, {}, { ...adapters, log, store: held });
    const { body: job } = await service.call('POST', '', JOB);
    await eventually('somebody projects', () => projecting);
    expect((await service.call('GET', `/${job.id}`)).status).toBe(200);
    gate.open();
    await eventually('it is projected', async () => (await store.readCheckpoint('jobs'))?.event !== null);
    expect(await differingRows(log, store)).toEqual([]);
  });

  it('are begun once by two that start together, and made whole for one whose rows were taken away', async () => {
    const folder = temporaryFolder();
    const { log, store, ...adapters } = await openAdapters(loadConfig({ DATA_DIR: folder }), {
      logger: createCollectingLogger(),
    });
    const group = projectionGroups({ allowSeconds: false }).jobs;
    const [one, other] = [0, 1].map(() => createProjectionRunner(group, { ...adapters, log, store }));
    const prepared = await Promise.allSettled([one?.prepare(), other?.prepare()]);
    expect(prepared.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);

    const stop = new AbortController();
    const running = one?.run(stop.signal);
    const data = { cron_id: 'cron-1', ...defaultJobConfig, ...JOB, created_at: '2026-03-26T10:00:00.000Z' };
    await append(log, 'cronJob-cron-1', 0, [{ ...sampleEvent(data), type: 'CronJobScheduled' }]);
    const isThere = async (): Promise<boolean> => (await store.read('jobs', ['cron-1'])).size === 1;
    await eventually('it is projected', isThere);
    // Another one that takes itself for the projector empties the models, and is never heard of again.
    const stored = await store.readCheckpoint('jobs');
    const checkpoint = { position: '', event: null, projection_version: group.version, projector: 'another' };
    await store.claim({ name: 'jobs', checkpoint, instead: stored?.projector, emptied: ['jobs', 'runs'] });
    expect(await isThere()).toBe(false);
    await append(log, 'lease-leader', 0, [sampleEvent()]);
    await eventually('it is whole again', isThere);
    stop.abort();
    await running;
    await Promise.all([log.close(), store.close(), adapters.registry.close()]);
  });

  it('that another one is emptying are left to whoever leads, and are not taken for those of this log', async () => {
    const { log, store, ...adapters } = await openAdapters(loadConfig({ DATA_DIR: temporaryFolder() }), {
      logger: createCollectingLogger(),
    });
    const group = projectionGroups({ allowSeconds: false }).jobs;
    const runner = createProjectionRunner(group, { ...adapters, log, store });
    const row = { key: 'cron-1', version: 9, document: jobRow('cron-1').document };
    await store.write([{ model: 'jobs', rows: [row] }]);
    const mark = { position: '', event: null, projection_version: EMPTYING, projector: 'another' };
    await store.claim({ name: 'jobs', checkpoint: mark, instead: undefined, emptied: [] });
    await runner.prepare();
    expect(await store.readCheckpoint('jobs')).toEqual(mark);
    const fold = createJobFold(log);
    expect(await seedFold(fold, group, { ...adapters, log, store })).toBe(START);
    expect([...fold.all()]).toEqual([]);

    // Of a log that had come further before it was restored.
    await append(log, 'lease-leader', 0, [sampleEvent()]);
    const head = await log.head();
    const position = `${head}1`;
    const foreign = { ...mark, position, projection_version: group.version, projector: 'gone' };
    await store.claim({ name: 'jobs', checkpoint: foreign, instead: 'another', emptied: [] });
    const stop = new AbortController();
    let isProjected = false;
    const projected = runner.whenProjected(head, stop.signal).then(() => (isProjected = true));
    for (let turn = 0; turn < 50; turn++) await adapters.clock.yield();
    expect(isProjected).toBe(false);
    const running = runner.run(stop.signal);
    await projected;
    expect((await store.read('jobs', ['cron-1'])).size).toBe(0);
    stop.abort();
    await running;
    await Promise.all([log.close(), store.close(), adapters.registry.close()]);
  });

  it('are asked for now and then, not without a pause, when they have gone back behind what is waited for', async () => {
    const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
    const { log, store, ...adapters } = await openAdapters(loadConfig({ DATA_DIR: temporaryFolder() }), {
      logger: createCollectingLogger(),
    });
    await append(log, 'lease-leader', 0, [sampleEvent()]);
    const gate = createGate();
    const asked = { times: 0 };
    let isFull = false;
    const slow: ReadStore = {
      ...store,
      async readCheckpoint(name) {
        if (asked.times++ === 0) await gate.passed;
        return store.readCheckpoint(name);
      },
      async write(changes, checkpoint) {
        if (isFull) throw new StoreError('store_unavailable', 'full');
        await store.write(changes, checkpoint);
      },
    };
    const runner = createProjectionRunner(projectionGroups({ allowSeconds: false }).jobs, {
      ...adapters,
      log,
      store: slow,
      clock,
    });
    const stop = new AbortController();
    const head = await log.head();
    let isProjected = false;
    const projected = runner.whenProjected(head, stop.signal).then(() => (isProjected = true));
    const running = runner.run(stop.signal);
    await eventually('it is projected', () => runner.position() === head);
    isFull = true;
    const data = { cron_id: 'cron-1', ...defaultJobConfig, ...JOB, created_at: '2026-03-26T10:00:00.000Z' };
    await append(log, 'cronJob-cron-1', 0, [{ ...sampleEvent(data), type: 'CronJobScheduled' }]);
    await clock.advance(1_000);
    expect(runner.position()).not.toBe(head);
    asked.times = 1;
    gate.open();
    await clock.advance(10);
    expect(asked.times).toBeLessThan(4);
    expect(isProjected).toBe(false);
    stop.abort();
    await Promise.all([projected, running]);
    await Promise.all([log.close(), store.close(), adapters.registry.close()]);
  });

  it('that are emptied while a start reads them do not make it miss a job', async () => {
    const folder = temporaryFolder();
    const first = await start(folder);
    await first.call('POST', '', JOB);
    const projected = async () => (await first.app.adapters.store.readCheckpoint('jobs'))?.event !== null;
    await eventually('it is projected', projected);
    await stop();
    const logger = createCollectingLogger();
    const { log, store, ...adapters } = await openAdapters(loadConfig({ DATA_DIR: folder }), { logger });
    const unlucky: ReadStore = {
      ...store,
      async *readAll(model) {
        // Between the checkpoint and the rows.
        const stored = await store.readCheckpoint('jobs');
        const checkpoint = { position: '', event: null, projection_version: 1, projector: 'another' };
        await store.claim({
          name: 'jobs',
          checkpoint,
          instead: stored?.projector,
          emptied: ['jobs', 'runs'],
        });
        yield* store.readAll(model);
      },
    };
    await start(folder, {}, { ...adapters, log, store: unlucky });
    const ready = logger.lines.find(({ message }) => message === 'ready');
    expect(ready?.fields).toMatchObject({ jobs: 1 });
  });

  it('get on with a store that takes only a little at once', async () => {
    const folder = temporaryFolder();
    const { log, store, ...adapters } = await openAdapters(loadConfig({ DATA_DIR: folder }), {
      logger: createCollectingLogger(),
    });
    const at = '2026-03-26T10:00:00.000Z';
    for (let job = 0; job < 300; job++) {
      const cron_id = `cron-${job}`;
      const data = { cron_id, ...defaultJobConfig, ...JOB, enabled: false, created_at: at };
      await append(log, `cronJob-${cron_id}`, 0, [{ ...sampleEvent(data), type: 'CronJobScheduled' }]);
    }
    const slow: ReadStore = {
      ...store,
      async write(changes, checkpoint) {
        const rows = changes.reduce((sum, change) => sum + change.rows.length, 0);
        if (rows > 100) throw new StoreError('store_unavailable', 'too much for this one');
        await store.write(changes, checkpoint);
      },
    };
    await start(folder, {}, { ...adapters, log, store: slow });
    const head = await log.head();
    await eventually('all is projected', async () => {
      const { position = '' } = (await store.readCheckpoint('jobs')) ?? {};
      return position >= head;
    });
    expect((await store.listJobs({ offset: 0, limit: 1 })).total).toBe(300);
  });

  it('serve as the seed of a start: commands work on the state that they hold', async () => {
    const folder = temporaryFolder();
    const first = await start(folder);
    const { body: job } = await first.call('POST', '', JOB);
    await stop();
    const again = await start(folder);
    expect((await again.call('PUT', `/${job.id}`, { name: 'nightly' })).status).toBe(200);
    expect(
      await again.app.adapters.log.readStream(`cronJob-${job.id}`, { direction: 'forwards', limit: 9 }),
    ).toHaveLength(1);
  });

  it('stop at an event that cannot be read, and say so, and the rest of the service goes on', async () => {
    const service = await start(temporaryFolder());
    const { app, logged } = service;
    await app.adapters.log.append([
      {
        stream: 'certificationReminder-broken',
        expectedVersion: 0,
        events: [
          {
            id: app.adapters.ids.uuid(),
            type: 'ReminderRequested',
            data: { nothing: 'of use' },
            metadata: { actor: 'test', correlation_id: 'test', causation_id: null, schema_version: 1 },
          },
        ],
      },
    ]);
    while (
      !logged.some(({ level, message }) => level === 'error' && message.startsWith('projecting failed'))
    ) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await service.call('POST', '', JOB)).status).toBe(201);
    expect(await listed()).toEqual(['nightly']);
  });
});
