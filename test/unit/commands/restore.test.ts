import { expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { createCommandHandler } from '../../../src/commands/handle-commands.js';
import { createJobFold } from '../../../src/fold/job-fold.js';
import { createJobHistory } from '../../../src/history/job-history.js';
import { jobOf } from '../../../src/history/job-of.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { createSeededIds } from '../../support/seeded-ids.js';

const UP = { isLong: () => Promise.resolve(false) };

const CRON_ID = 'cron-1';
const cause = { actor: 'test', correlation_id: 'test', causation_id: null };
const create: JobCommand = { type: 'ScheduleCronJob', config: { name: 'a', cron_expression: '0 2 * * *' } };
const remove: JobCommand = { type: 'DeleteCronJob', reason: null };
const rename = (name: string): JobCommand => ({ type: 'UpdateCronJob', changes: { name }, reason: null });

/** An instance on a log. */
function open(log: EventLog, seed: number) {
  const { handle } = createCommandHandler({
    log,
    fold: createJobFold(log),
    clock: systemClock,
    ids: createSeededIds(seed),
    allowSeconds: false,
    thresholds: [30],
    tzdataVersion: 'test',
    projectOwn: () => Promise.resolve(true),
    onAppended: () => undefined,
  });
  return (command: JobCommand) => handle({ cronId: CRON_ID, command, cause });
}

async function world() {
  const log = openSqliteEventLog({ clock: systemClock, ids: createSeededIds(99), path: ':memory:' });
  const none = { snapshotBefore: () => Promise.resolve(undefined) };
  const history = createJobHistory(
    { log, store: none, clock: systemClock, modelsLag: UP },
    { allowSeconds: false },
  );
  const [one, other] = [open(log, 1), open(log, 2)];
  for (const command of [create, rename('b'), remove]) await one(command);
  /** What a client that asks now restores. */
  const restore = async (): Promise<JobCommand> => {
    const version = await history.newestVersion(CRON_ID);
    const document = await history.stateAt(CRON_ID, version);
    if (document === undefined) throw new Error('there is no such job');
    return { type: 'RestoreCronJob', deleted: jobOf(document), version, reason: 'by mistake' };
  };
  return { log, one, other, restore };
}

it('a job that was restored, changed and deleted again meanwhile is not restored as it was before', async () => {
  const { one, other, restore } = await world();
  const stale = await restore();
  for (const command of [await restore(), rename('c'), remove]) await other(command);
  await expect(one(stale)).rejects.toMatchObject({ code: 'write_contention' });
  const { job } = await one(await restore());
  expect(job).toMatchObject({ deleted: false, config: { name: 'c' } });
});

it('an instance that has not heard of the delete restores the job all the same', async () => {
  const { one, other, restore } = await world();
  await other(await restore());
  await one(remove);
  const { job, version } = await other(await restore());
  expect({ version, name: job.config.name, deleted: job.deleted }).toEqual({
    version: 6,
    name: 'b',
    deleted: false,
  });
});

it('of two instances that restore a job one does, and the other hears that it is not deleted', async () => {
  const { log, one, other, restore } = await world();
  const command = await restore();
  const settled = await Promise.allSettled([one(command), other(command)]);
  const codes = settled.map((each) => (each.status === 'fulfilled' ? 'restored' : each.reason.code));
  expect(codes.sort()).toEqual(['not_deleted', 'restored']);
  const events = await log.readStream(`cronJob-${CRON_ID}`, { direction: 'forwards', limit: 9 });
  expect(events.map(({ type }) => type)).toEqual([
    ...['CronJobScheduled', 'CronJobUpdated', 'CronJobDeleted', 'CronJobRestored'],
  ]);
});

it('a change that was allowed at one version is made at no other one', async () => {
  const { one, other, restore } = await world();
  await one(await restore());
  const change: JobCommand = { type: 'UpdateCronJob', changes: { name: 'x' }, reason: null, version: 4 };
  await other(rename('d'));
  await expect(one(change)).rejects.toMatchObject({ code: 'write_contention' });
  expect((await one({ ...change, version: 5 })).job.config.name).toBe('x');
});
