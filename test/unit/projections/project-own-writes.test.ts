import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { openSqliteReadStore } from '../../../src/adapters/sqlite/read-store.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { createCommandHandler, type CommandHandler } from '../../../src/commands/handle-commands.js';
import { foldJob } from '../../../src/fold/fold-jobs.js';
import { createJobFold } from '../../../src/fold/job-fold.js';
import { seedFold } from '../../../src/fold/seed-fold.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import { START, type EventLog } from '../../../src/ports/event-log.js';
import type { ReadStore } from '../../../src/ports/read-store.js';
import { projectionGroups } from '../../../src/projections/groups.js';
import { createProjectionRunner } from '../../../src/projections/projection-runner.js';
import { createOwnWritesProjection } from '../../../src/projections/project-own-writes.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { createGate } from '../../support/eventually.js';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

const group = projectionGroups({ allowSeconds: false }).jobs;
const CRON_ID = 'cron-1';
const CREATE: JobCommand = { type: 'ScheduleCronJob', config: { name: 'a', cron_expression: '0 2 * * *' } };
const rename = (name: string): JobCommand => ({ type: 'UpdateCronJob', changes: { name }, reason: null });

let clock: VirtualClock;
let log: EventLog;
let store: ReadStore;
let commands: CommandHandler;

function handlerOn(readStore: ReadStore): CommandHandler {
  const logger = createCollectingLogger();
  return createCommandHandler({
    log,
    fold: createJobFold(log),
    clock,
    ids: systemIds,
    allowSeconds: false,
    thresholds: [30, 7, 0],
    tzdataVersion: 'test',
    projectOwn: createOwnWritesProjection(group, { log, store: readStore, clock, logger }),
    onAppended: () => undefined,
  });
}

beforeEach(() => {
  clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  log = openSqliteEventLog({ clock, ids: systemIds, path: ':memory:' });
  store = openSqliteReadStore({ clock, ids: systemIds, path: ':memory:' });
  commands = handlerOn(store);
});
afterEach(async () => {
  await Promise.all([log.close(), store.close()]);
});

const request = (command: JobCommand) => ({
  cronId: CRON_ID,
  command,
  cause: { actor: 'test', correlation_id: 'test', causation_id: null },
});

async function rowVersion(): Promise<number | undefined> {
  return (await store.read('jobs', [CRON_ID])).get(CRON_ID)?.version;
}

it('brings a row up to its own events over those that others wrote just before', async () => {
  await commands.handleAndProject(request(CREATE));
  const { events } = await commands.handle(request({ type: 'TriggerRun', dry_run: false }));
  await commands.handleAll([request(rename('b'))]);
  expect(await rowVersion()).toBe(1);
  expect((await commands.handleAndProject(request(rename('c')))).projected).toBe(true);
  expect(await rowVersion()).toBe(4);
  const runs = await store.listRuns(CRON_ID, { from: 1, to: 1 });
  expect(runs.map(({ run_id }) => run_id)).toEqual([events[0]?.data.run_id]);
});

it('leaves a row that is gone, as while rows are made anew, to the projector', async () => {
  await commands.handle(request(CREATE));
  expect((await commands.handleAndProject(request(rename('b')))).projected).toBe(false);
  expect(await rowVersion()).toBeUndefined();
});

it('brings a row up to its own events while those before it are being written', async () => {
  await commands.handleAndProject(request(CREATE));
  const slow: ReadStore = {
    ...store,
    async write(...given) {
      await clock.yield();
      await store.write(...given);
    },
  };
  const handler = handlerOn(slow);
  const sent = [handler.handleAndProject(request(rename('b')))];
  for (let turn = 0; turn < 5; turn++) await clock.yield();
  sent.push(handler.handleAndProject(request(rename('c'))));
  expect((await Promise.all(sent)).map(({ projected }) => projected)).toEqual([true, true]);
  expect(await rowVersion()).toBe(3);
});

it('does not hold up commands when the read store hangs', async () => {
  await commands.handleAndProject(request(CREATE));
  const gate = createGate();
  const handler = handlerOn({ ...store, read: (...given) => gate.passed.then(() => store.read(...given)) });
  const first = handler.handleAndProject(request(rename('b')));
  const second = handler.handleAndProject(request(rename('c')));
  await clock.advance(500);
  expect((await Promise.all([first, second])).map(({ projected }) => projected)).toEqual([false, false]);
  // It counts as down: the next one does not wait.
  expect((await handler.handleAndProject(request(rename('d')))).projected).toBe(false);
  gate.open();
});

/** What an instance of an earlier version does to a row whose state it cannot use: the same document, a newer version. */
async function carryUp(to: number): Promise<void> {
  const row = (await store.read('jobs', [CRON_ID])).get(CRON_ID);
  if (row === undefined) throw new Error('there is no row');
  await store.write([{ model: 'jobs', rows: [{ ...row, version: to }] }]);
}

it('folds nothing onto a state that an earlier version has carried up to its own events', async () => {
  await commands.handleAndProject(request(CREATE));
  for (let version = 2; version <= 4; version++) {
    await commands.handle(request({ type: 'TriggerRun', dry_run: true }));
    await carryUp(version);
  }
  const { projected } = await commands.handleAndProject(request({ type: 'DeleteCronJob', reason: null }));
  expect([projected, await rowVersion()]).toEqual([false, 4]);
  expect((await store.snapshotBefore(CRON_ID, 99))?.version).toBe(1);
  // Nor does anyone start from it.
  expect((await foldJob(CRON_ID, { log, store }))?.job).toMatchObject({ deleted: true, last_run_no: 3 });
  const fold = createJobFold(log);
  await seedFold(fold, group, { log, store: claimed(store), logger: createCollectingLogger() });
  expect(fold.get(CRON_ID)).toBeUndefined();
});

/** With a checkpoint that the start of a log explains. */
function claimed(readStore: ReadStore): ReadStore {
  const checkpoint = { position: START, event: null, projection_version: group.version, projector: 'a' };
  return { ...readStore, readCheckpoint: () => Promise.resolve(checkpoint) };
}

it('has the projector make such rows anew', async () => {
  await commands.handleAndProject(request(CREATE));
  await carryUp(2);
  await commands.handle(request(rename('b')));
  const logger = createCollectingLogger();
  const runner = createProjectionRunner(group, { log, store, clock, ids: systemIds, logger });
  await runner.prepare();
  const over = new AbortController();
  const running = runner.run(over.signal);
  await clock.advance(2_000);
  const row = (await store.read('jobs', [CRON_ID])).get(CRON_ID);
  expect(row).toMatchObject({ version: 2, document: { name: 'b', state: { version: 2 } } });
  over.abort();
  await running;
});
