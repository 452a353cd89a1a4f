import { describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { createCommandHandler } from '../../../src/commands/handle-commands.js';
import { createJobFold } from '../../../src/fold/job-fold.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import type { Clock } from '../../../src/ports/clock.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { createVirtualClock } from '../../support/virtual-clock.js';
import { createSeededIds } from '../../support/seeded-ids.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { runResult } from '../../support/sample-events.js';

const cause = { actor: 'test', correlation_id: 'test', causation_id: null };
const create: JobCommand = { type: 'ScheduleCronJob', config: { name: 'a', cron_expression: '0 2 * * *' } };
const rename = (name: string): JobCommand => ({ type: 'UpdateCronJob', changes: { name }, reason: null });

function open(log: EventLog, seed = 1, clock: Clock = systemClock) {
  const ids = createSeededIds(seed);
  const fold = createJobFold(log);
  const lateBy: number[] = [];
  const handler = createCommandHandler({
    log,
    fold,
    clock,
    ids,
    allowSeconds: false,
    thresholds: [30, 7],
    tzdataVersion: 'test',
    projectOwn: () => Promise.resolve(true),
    onAppended: (events) => {
      for (const { data } of events) if (typeof data.late_by_ms === 'number') lateBy.push(data.late_by_ms);
    },
  });
  return {
    fold,
    send: (command: JobCommand, cronId = 'cron-1') => handler.handle({ cronId, command, cause }),
    handler,
    lateBy,
  };
}

const memory = (): EventLog =>
  openSqliteEventLog({ clock: systemClock, ids: createSeededIds(99), path: ':memory:' });
const typesIn = async (log: EventLog): Promise<string[]> =>
  (await log.readStream('cronJob-cron-1', { direction: 'forwards', limit: 100 })).map(({ type }) => type);

const RESULT = runResult();

describe('handling a command', () => {
  it('decides on the log even when another instance has written since', async () => {
    const log = memory();
    const [one, other] = [open(log, 1), open(log, 2)];
    await one.send(create);
    await other.send(rename('b'));
    // `one` has not heard of it: its append conflicts, it reads the tail and decides again.
    const { job, version } = await one.send(rename('c'));
    expect(job.config.name).toBe('c');
    expect(version).toBe(3);
    expect(await typesIn(log)).toEqual(['CronJobScheduled', 'CronJobUpdated', 'CronJobUpdated']);
  });

  it('writes nothing twice when a change was made by another meanwhile', async () => {
    const log = memory();
    const [one, other] = [open(log, 1), open(log, 2)];
    await one.send(create);
    await other.send(rename('b'));
    expect((await one.send(rename('b'))).events).toEqual([]);
    expect(await typesIn(log)).toEqual(['CronJobScheduled', 'CronJobUpdated']);
  });

  it('refuses nothing, and leaves nothing undone, because of a state that has passed', async () => {
    const log = memory();
    const [one, other] = [open(log, 1), open(log, 2)];
    await one.send(create);
    const { job } = await other.send({ type: 'TriggerRun', dry_run: false });
    await one.fold.refresh('cron-1');
    const [run] = job.open_runs;
    await other.send({ type: 'CompleteRun', run_id: run?.run_id ?? '', status: 'success', result: RESULT });
    // `one` has not heard that the run has ended, nor, next, that the name is another one.
    expect((await one.send({ type: 'TriggerRun', dry_run: false })).events).toHaveLength(1);
    expect((await one.send(rename('b'))).events).toHaveLength(1);
    await other.send(rename('c'));
    expect((await one.send(rename('b'))).events).toHaveLength(1);
  });

  it('lets one of many at the same time win, and serves the others after it', async () => {
    const log = memory();
    const instances = Array.from({ length: 5 }, (_, index) => open(log, index + 1));
    const [first] = instances;
    await first?.send(create);
    await Promise.all(instances.map(({ send }, index) => send(rename(`name ${index}`))));
    expect((await typesIn(log)).length).toBe(6);
    const started = await Promise.allSettled(
      instances.map(({ send }) => send({ type: 'TriggerRun', dry_run: false })),
    );
    expect(started.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await typesIn(log)).filter((type) => type === 'RunStarted')).toHaveLength(1);
  });

  it('comes back from a state that the stream has not got, as of a log before it was restored', async () => {
    const [before, restored] = [memory(), memory()];
    const old = open(before, 1);
    await old.send(create);
    for (const name of ['b', 'c', 'd']) await old.send(rename(name));
    const first = open(restored, 2);
    await first.send(create);
    await first.send(rename('x'));
    const misled = open(restored, 3);
    for (const state of old.fold.all()) misled.fold.seed(state);
    const heard: string[] = [];
    misled.fold.onChange(({ job }) => heard.push(job.config.name));
    expect((await misled.send(rename('y'))).version).toBe(3);
    expect(misled.fold.get('cron-1')).toMatchObject({ version: 3, job: { config: { name: 'y' } } });
    // What is read together is told once.
    expect(heard).toEqual(['x', 'y']);
  });

  it('repeats the same attempt when an append was done but answered with an error', async () => {
    const log = memory();
    let failures = 1;
    const flaky: EventLog = {
      ...log,
      async append(writes) {
        const outcomes = await log.append(writes);
        if (failures-- > 0) throw new StoreError('store_unavailable', 'answered too late');
        return outcomes;
      },
    };
    const { events } = await open(flaky).send(create);
    expect(events).toHaveLength(1);
    expect(await typesIn(log)).toEqual(['CronJobScheduled']);
  });

  it('finds its own events when it is told of a conflict with itself', async () => {
    const log = memory();
    let first = true;
    const forgetful: EventLog = {
      ...log,
      async append(writes) {
        const outcomes = await log.append(writes);
        if (!first) return outcomes;
        first = false;
        return writes.map(() => ({ kind: 'conflict' as const, version: 1 }));
      },
    };
    const { events, version } = await open(forgetful).send(create);
    expect([events.length, version]).toEqual([1, 1]);
    expect(await typesIn(log)).toEqual(['CronJobScheduled']);
  });

  it('tells of each slot that was started, whatever settled it, also when the append was answered with an error', async () => {
    const log = memory();
    const clock = createVirtualClock('2026-03-26T10:00:30.000Z');
    let answersLost = false;
    const forgetful: EventLog = {
      ...log,
      async append(writes) {
        const outcomes = await log.append(writes);
        if (!answersLost) return outcomes;
        answersLost = false;
        return writes.map(() => ({ kind: 'conflict', version: 0 }));
      },
    };
    const { send, lateBy } = open(forgetful, 1, clock);
    const config = { name: 'a', cron_expression: '* * * * *', concurrency_policy: 'allow' as const };
    await send({ type: 'ScheduleCronJob', config });
    clock.skipTo('2026-03-26T10:01:02.000Z');
    await send({ type: 'UpdateCronJob', changes: { time_zone: 'Europe/Berlin' }, reason: null });
    expect(lateBy).toEqual([2_000]);
    await send({ type: 'TriggerRun', dry_run: false });
    expect(lateBy).toEqual([2_000]);
    clock.skipTo('2026-03-26T10:02:03.000Z');
    answersLost = true;
    await send({ type: 'Tick' });
    expect(lateBy).toEqual([2_000, 3_000]);
  });

  it('answers each of many on its own', async () => {
    const log = memory();
    const { handler } = open(log);
    await handler.handle({ cronId: 'cron-1', command: create, cause });
    const results = await handler.handleAll([
      { cronId: 'cron-1', command: create, cause },
      { cronId: 'cron-2', command: create, cause },
      { cronId: 'cron-3', command: rename('x'), cause },
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected']);
  });

  it('passes on what the log cannot take', async () => {
    const log = memory();
    const full: EventLog = { ...log, append: () => Promise.reject(new StoreError('storage_full', 'full')) };
    await expect(open(full).send(create)).rejects.toMatchObject({ code: 'storage_full' });
  });

  it('gives others a turn between decisions that take their time', async () => {
    let [now, yields] = [0, 0];
    const clock = {
      ...systemClock,
      monotonic: () => (now += 8),
      yield: () => {
        yields++;
        return Promise.resolve();
      },
    };
    const log = memory();
    const { handler } = open(log, 1, clock);
    const requests = Array.from({ length: 20 }, (_, job) => ({
      cronId: `cron-${job}`,
      command: create,
      cause,
    }));
    const results = await handler.handleAll(requests);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['fulfilled']));
    expect(yields).toBeGreaterThan(5);
  });
});
