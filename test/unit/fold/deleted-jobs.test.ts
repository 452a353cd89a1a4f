import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { createCommandHandler } from '../../../src/commands/handle-commands.js';
import { defaultJobConfig } from '../../../src/events/job-config.js';
import { createJobFold } from '../../../src/fold/job-fold.js';
import { REQUESTS_KEPT_MS } from '../../../src/job/accepted-requests.js';
import type { CronJob } from '../../../src/job/cron-job.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import type { EventLog, ReadOptions } from '../../../src/ports/event-log.js';
import { createSeededIds } from '../../support/seeded-ids.js';
import { createVirtualClock } from '../../support/virtual-clock.js';
import { runResult } from '../../support/sample-events.js';

const CRON_ID = 'cron-1';
const STREAM = `cronJob-${CRON_ID}`;
const cause = { actor: 'test', correlation_id: 'test', causation_id: null };
const result = runResult();
const create: JobCommand = {
  type: 'ScheduleCronJob',
  config: { name: 'a', cron_expression: '0 2 * * *', time_zone: 'Asia/Kolkata', timeout_seconds: 60 },
};
const remove: JobCommand = { type: 'DeleteCronJob', reason: null };
const trigger: JobCommand = { type: 'TriggerRun', dry_run: false };
const complete: JobCommand = { type: 'CompleteRun', run_id: 'run-10000000001', status: 'success', result };

function open() {
  const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  const memory = openSqliteEventLog({ clock, ids: createSeededIds(99), path: ':memory:' });
  const reads: ReadOptions[] = [];
  const log: EventLog = {
    ...memory,
    readStream(stream, options) {
      reads.push(options);
      return memory.readStream(stream, options);
    },
  };
  const fold = createJobFold(log);
  const { handle } = createCommandHandler({
    log,
    fold,
    clock,
    ids: createSeededIds(1),
    allowSeconds: false,
    thresholds: [30, 7],
    tzdataVersion: 'test',
    projectOwn: () => Promise.resolve(true),
    onAppended: () => undefined,
  });
  const send = (command: JobCommand, name?: string) => {
    const key = name === undefined ? {} : { key: { key_hash: name, request_hash: 'request' } };
    return handle({ cronId: CRON_ID, command, cause, ...key });
  };
  const events = () => memory.readStream(STREAM, { direction: 'forwards', limit: 1_000 });
  return { clock, fold, reads, send, events, log };
}

describe('a deleted job of which nothing is outstanding', () => {
  it('is known by its version alone, and answers as before', async () => {
    const { fold, reads, send } = open();
    await send(create);
    await send(remove);
    expect([...fold.all()]).toEqual([]);
    expect(fold.get(CRON_ID)).toMatchObject({ version: 2, job: { cron_id: CRON_ID, deleted: true } });
    expect(JSON.stringify(fold.get(CRON_ID))).not.toContain('Kolkata');
    reads.length = 0;
    for (const command of [remove, trigger, { type: 'UpdateCronJob', changes: {}, reason: null } as const])
      await expect(send(command)).rejects.toMatchObject({ code: 'cron_job_not_found' });
    await expect(send(create)).rejects.toMatchObject({ code: 'cron_id_taken' });
    // Its history may be long: only what came after the known version is read.
    expect(reads.every(({ from }) => from === 2)).toBe(true);
    expect((await send({ type: 'Tick' })).events).toEqual([]);
    expect((await send(complete)).events).toEqual([]);
  });

  it('does not come back by events that are delivered again, nor by a stored state that is older', async () => {
    const { fold, send, events } = open();
    const { job } = await send(create);
    await send(remove);
    const heard: string[] = [];
    fold.onChange(({ job: changed }) => heard.push(changed.cron_id));
    fold.apply((await events()).map((event) => ({ ...event, stream: STREAM })));
    fold.seed({ job, version: 1 });
    await fold.refresh(CRON_ID);
    expect(heard).toEqual([]);
    expect([...fold.all()]).toEqual([]);
  });

  it('is the same when it was seeded, or read from the log', async () => {
    const { send, log } = open();
    await send(create);
    const { job, version } = await send(remove);
    const [seeded, read] = [createJobFold(log), createJobFold(log)];
    seeded.seed({ job, version });
    await read.refresh(CRON_ID);
    for (const fold of [seeded, read]) {
      expect([...fold.all()]).toEqual([]);
      expect(fold.get(CRON_ID)).toMatchObject({ version: 2, job: { deleted: true } });
    }
  });

  it('takes hardly any memory', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const fold = createJobFold(openSqliteEventLog({ ...open(), ids: createSeededIds(9), path: ':memory:' }));
    const before = used();
    const jobs = 5_000;
    for (let nth = 0; nth < jobs; nth++) fold.seed({ job: deletedJob(nth), version: 3 });
    expect((used() - before) / jobs).toBeLessThan(600);
    expect(fold.get('cron-4999')).toMatchObject({ version: 3, job: { deleted: true } });
  });
});

function deletedJob(nth: number): CronJob {
  return {
    cron_id: `cron-${nth}`,
    key: null,
    config: {
      ...defaultJobConfig,
      name: `job ${nth}`,
      cron_expression: '@daily',
      description: `${nth}`.repeat(300),
    },
    config_version: 3,
    watermark: 0,
    open_runs: [],
    unheard_runs: [],
    last_run_no: 0,
    records_checked: null,
    last_event_at: 0,
    was_reset: false,
    updated_at: 0,
    schedule_error: null,
    deleted: true,
    requests: [],
  };
}

describe('a deleted job with a run that is open', () => {
  it('keeps what its check needs until it ends', async () => {
    const { fold, send } = open();
    await send(create);
    await send(trigger);
    await send(remove);
    expect([...fold.all()]).toMatchObject([{ job: { config: { time_zone: 'Asia/Kolkata' } } }]);
    expect((await send(complete)).events).toMatchObject([{ type: 'RunCompleted', version: 4 }]);
    expect([...fold.all()]).toEqual([]);
  });

  it('has it timed out, and a later result rejected', async () => {
    const { clock, fold, send } = open();
    await send(create);
    await send(trigger);
    await send(remove);
    await clock.advance(60_000);
    expect((await send({ type: 'Tick' })).events).toMatchObject([{ type: 'RunCompleted' }]);
    // Its configuration is needed no more, but the result can still come.
    expect([...fold.all()]).toMatchObject([{ job: { deleted: true, unheard_runs: ['run-10000000001'] } }]);
    expect(JSON.stringify([...fold.all()])).not.toContain('Kolkata');
    expect((await send(complete)).events).toMatchObject([{ type: 'RunResultRejected', version: 5 }]);
    expect([...fold.all()]).toEqual([]);
    expect((await send(complete)).events).toEqual([]);
  });
});

describe('a deleted job that was asked for something under a key', () => {
  it('knows it for a repeat, whether it was seeded or read, and is at rest all the same', async () => {
    const { fold, send, log, clock } = open();
    await send(create, 'create');
    await send(trigger, 'run');
    await send(complete);
    const { job, version } = await send(remove);
    const [seeded, read] = [createJobFold(log), createJobFold(log)];
    seeded.seed({ job, version });
    await read.refresh(CRON_ID);
    expect(seeded.get(CRON_ID)).toEqual(fold.get(CRON_ID));
    expect(read.get(CRON_ID)).toEqual(fold.get(CRON_ID));
    expect([...fold.all()]).toEqual([]);
    expect(JSON.stringify(fold.get(CRON_ID))).not.toContain('Kolkata');
    await clock.advance(REQUESTS_KEPT_MS - 1);
    expect(await send(trigger, 'run')).toMatchObject({ repeats: 4, events: [] });
    await clock.advance(1);
    await expect(send(trigger, 'run')).rejects.toMatchObject({ code: 'cron_job_not_found' });
  });

  it('forgets it when it is old enough by the events of other jobs', async () => {
    const { fold, send } = open();
    await send(create, 'create');
    await send(remove);
    const { job, version } = await send({ type: 'Tick' });
    expect(fold.get(CRON_ID)?.job.requests).toHaveLength(1);
    const other = (last_event_at: number, nth: number) => {
      fold.seed({ job: { ...job, cron_id: `cron-other-${nth}`, last_event_at }, version });
    };
    other(job.last_event_at + REQUESTS_KEPT_MS, 1);
    expect(fold.get(CRON_ID)?.job.requests).toHaveLength(1);
    other(job.last_event_at + 2 * REQUESTS_KEPT_MS, 2);
    expect(fold.get(CRON_ID)).toMatchObject({ version, job: { deleted: true, requests: [] } });
  });
});

it('the fold counts the jobs that are not deleted, whichever way it hears of them', async () => {
  const { fold, send, log } = open();
  expect(fold.live()).toBe(0);
  const { job } = await send(create);
  await send(trigger);
  expect(fold.live()).toBe(1);
  const other = createJobFold(log);
  other.seed({ job, version: 1 });
  expect(other.live()).toBe(1);
  await send(remove);
  expect(fold.live()).toBe(0);
  await other.refresh(CRON_ID);
  await other.refresh(CRON_ID);
  expect(other.live()).toBe(0);
  // A state of another log is forgotten.
  other.seed({ job: { ...job, cron_id: 'cron-elsewhere' }, version: 7 });
  expect(other.live()).toBe(1);
  expect(await other.refresh('cron-elsewhere')).toBeUndefined();
  expect(other.live()).toBe(0);
});
