import { describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import type { CommandRequest } from '../../../src/commands/command-request.js';
import { createCommandHandler } from '../../../src/commands/handle-commands.js';
import { createJobFold } from '../../../src/fold/job-fold.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { createSeededIds } from '../../support/seeded-ids.js';

const cause = { actor: 'test', correlation_id: 'test', causation_id: null };
const create: JobCommand = { type: 'ScheduleCronJob', config: { name: 'a', cron_expression: '0 2 * * *' } };
const rename = (name: string): JobCommand => ({ type: 'UpdateCronJob', changes: { name }, reason: null });
const dryRun: JobCommand = { type: 'TriggerRun', dry_run: true };
const key = (name: string) => ({ key_hash: name, request_hash: 'request' });

function open(log: EventLog, seed = 1) {
  const handler = createCommandHandler({
    log,
    fold: createJobFold(log),
    clock: systemClock,
    ids: createSeededIds(seed),
    allowSeconds: false,
    thresholds: [30, 7],
    tzdataVersion: 'test',
    projectOwn: () => Promise.resolve(true),
    onAppended: () => undefined,
  });
  return async (command: JobCommand, more: Partial<CommandRequest> = {}) =>
    handler.handle({ cronId: 'cron-1', command, cause, ...more });
}

const memory = (): EventLog =>
  openSqliteEventLog({ clock: systemClock, ids: createSeededIds(99), path: ':memory:' });
const typesIn = async (log: EventLog): Promise<string[]> =>
  (await log.readStream('cronJob-cron-1', { direction: 'forwards', limit: 1_000 })).map(({ type }) => type);

describe('a request under a key', () => {
  it('is carried out once, and recorded behind its events in one append', async () => {
    const log = memory();
    const send = open(log);
    const created = await send(create, { key: key('create') });
    expect(created).toMatchObject({ version: 2 });
    expect(created.repeats).toBeUndefined();
    expect(await send(create, { key: key('create') })).toMatchObject({ repeats: 2, events: [], version: 2 });
    await send(dryRun, { key: key('run') });
    await send(rename('b'));
    expect(await send(dryRun, { key: key('run') })).toMatchObject({ repeats: 4, events: [] });
    const types = ['CronJobScheduled', 'RequestAccepted', 'RunStarted', 'RequestAccepted', 'CronJobUpdated'];
    expect(await typesIn(log)).toEqual(types);
  });

  it('is recorded also when it has nothing to do: later it must do nothing, either', async () => {
    const log = memory();
    const send = open(log);
    await send(create);
    const { events } = await send(rename('a'), { key: key('one') });
    expect(events.map(({ type, data }) => [type, data.events])).toEqual([['RequestAccepted', 0]]);
    await send(rename('b'));
    const repeated = await send(rename('a'), { key: key('one') });
    expect(repeated).toMatchObject({ repeats: 2, job: { config: { name: 'b' } } });
  });

  it('is carried out once when 200 send it at once, on two instances', async () => {
    const log = memory();
    const [one, other] = [open(log, 1), open(log, 2)];
    await open(log, 3)(create);
    const sent = await Promise.all(
      Array.from({ length: 200 }, (_, index) => (index % 2 ? one : other)(dryRun, { key: key('run') })),
    );
    expect(sent.filter(({ repeats }) => repeats === undefined)).toHaveLength(1);
    expect(new Set(sent.map(({ repeats }) => repeats ?? 3))).toEqual(new Set([3]));
    expect(await typesIn(log)).toEqual(['CronJobScheduled', 'RunStarted', 'RequestAccepted']);
  });

  it('that was refused is not remembered', async () => {
    const log = memory();
    const send = open(log);
    await expect(send(rename('b'), { key: key('one') })).rejects.toMatchObject({
      code: 'cron_job_not_found',
    });
    await send(create);
    expect((await send(rename('b'), { key: key('one') })).job.config.name).toBe('b');
  });
});

describe('a condition', () => {
  it('is held against the newest state, also one that another instance has written', async () => {
    const log = memory();
    const [one, other] = [open(log, 1), open(log, 2)];
    await one(create);
    await other(dryRun);
    const { job } = await one(rename('b'), { condition: { configVersions: [1] } });
    expect(job.config_version).toBe(3);
    await expect(other(rename('c'), { condition: { configVersions: [1] } })).rejects.toMatchObject({
      code: 'precondition_failed',
    });
    expect((await typesIn(log)).length).toBe(3);
  });

  it('is not looked at in a repeat, whose first try may have broken it', async () => {
    const send = open(memory());
    await send(create);
    const conditional = { key: key('one'), condition: { configVersions: [1] } };
    await send(rename('b'), conditional);
    expect(await send(rename('b'), conditional)).toMatchObject({ repeats: 3 });
  });

  it('lets one of two editors pass who send at once', async () => {
    const log = memory();
    const [one, other] = [open(log, 1), open(log, 2)];
    await open(log, 3)(create);
    const sent = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        (index % 2 ? one : other)(rename(`by ${index}`), { condition: { configVersions: [1] } }),
      ),
    );
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await typesIn(log)).toEqual(['CronJobScheduled', 'CronJobUpdated']);
  });
});
