import { describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import {
  createCommandHandler,
  type CommandHandler,
  type HandledAndProjected,
} from '../../../src/commands/handle-commands.js';
import { jobStream } from '../../../src/events/stream-names.js';
import { parseEvent, type JobEvent } from '../../../src/events/parse-event.js';
import { createJobFold } from '../../../src/fold/job-fold.js';
import { evolve, type CronJob } from '../../../src/job/cron-job.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import type { Clock } from '../../../src/ports/clock.js';
import type { AppendedEvent, EventLog } from '../../../src/ports/event-log.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { createGate, eventually } from '../../support/eventually.js';
import { createSeededIds } from '../../support/seeded-ids.js';

const CRON_ID = 'cron-1';
const cause = { actor: 'test', correlation_id: 'test', causation_id: null };
const create: JobCommand = {
  type: 'ScheduleCronJob',
  config: { name: 'a', cron_expression: '0 2 * * *', concurrency_policy: 'allow' },
};
const rename = (name: string): JobCommand => ({ type: 'UpdateCronJob', changes: { name }, reason: null });
const trigger: JobCommand = { type: 'TriggerRun', dry_run: false };
const dryTrigger: JobCommand = { type: 'TriggerRun', dry_run: true };

/** Creates three jobs at once. @returns what became of each */
async function createThree(handler: CommandHandler): Promise<string[]> {
  const settled = await Promise.allSettled(
    ['cron-1', 'cron-2', 'cron-3'].map((cronId) => handler.handle({ cronId, command: create, cause })),
  );
  return settled.map(({ status }) => status);
}

interface Counted {
  log: EventLog;
  appends: { times: number; events: number }[];
}

function counted(log: EventLog): Counted {
  const appends: Counted['appends'] = [];
  return {
    appends,
    log: {
      ...log,
      append(writes) {
        appends.push({ times: writes.length, events: writes.flatMap(({ events }) => events).length });
        return log.append(writes);
      },
    },
  };
}

function open(log: EventLog, seed = 1, clock: Clock = systemClock) {
  const projected: (readonly AppendedEvent[])[] = [];
  const handler = createCommandHandler({
    log,
    fold: createJobFold(log),
    clock,
    ids: createSeededIds(seed),
    allowSeconds: false,
    thresholds: [30, 7],
    tzdataVersion: 'test',
    projectOwn(events) {
      projected.push(events);
      return Promise.resolve(true);
    },
    onAppended: () => undefined,
  });
  const send = (command: JobCommand) => handler.handleAndProject({ cronId: CRON_ID, command, cause });
  return { send, handler, projected };
}

const memory = (): EventLog =>
  openSqliteEventLog({ clock: systemClock, ids: createSeededIds(99), path: ':memory:' });

/** A log on which a rival changes the job right before each append. */
function contendedBy(rival: ReturnType<typeof open>, log: EventLog) {
  let rounds = 0;
  const contended: EventLog = {
    ...log,
    async append(writes) {
      await rival.send(rename(`rival ${rounds++}`));
      return log.append(writes);
    },
  };
  return { contended, rounds: () => rounds };
}

/** The job after each version of its stream. */
async function states(log: EventLog): Promise<Map<number, CronJob | undefined>> {
  const events = await log.readStream(jobStream(CRON_ID), { direction: 'forwards', limit: 100_000 });
  const after = new Map<number, CronJob | undefined>();
  let job: CronJob | undefined;
  for (const event of events) {
    job = evolve(job, parseEvent(event) as JobEvent, event.version);
    after.set(event.version, job);
  }
  return after;
}

/** Each answer is the job right after its own events, and each event has one answer. */
async function expectExplained(log: EventLog, answers: readonly HandledAndProjected[]): Promise<void> {
  const after = await states(log);
  for (const { job, version } of answers) expect(job).toEqual(after.get(version));
  const versions = answers.flatMap(({ events }) => events.map(({ version }) => version));
  expect(versions.sort((a, b) => a - b)).toEqual([...after.keys()]);
}

/** Of 400 a quarter are real triggers, a quarter dry ones: as many as a job may have open. */
const crowd = (size: number): JobCommand[] =>
  Array.from({ length: size }, (_, index) => {
    if (index % 2 === 1) return rename(`name ${index}`);
    return index % 4 === 0 ? trigger : dryTrigger;
  });

describe('a crowd on one job', () => {
  it('is served in its order, each with its own answer, by a few appends', async () => {
    const { log, appends } = counted(memory());
    const { send, projected } = open(log);
    const created = await send(create);
    const answers = await Promise.all(crowd(400).map(send));
    await expectExplained(log, [created, ...answers]);
    answers.forEach(({ job, events }, index) => {
      if (index % 2 === 1) expect(job.config.name).toBe(`name ${index}`);
      else expect(job.open_runs.at(-1)?.run_id).toBe(events[0]?.data.run_id);
    });
    expect(appends.length).toBeLessThan(12);
    expect(projected.length).toBe(appends.length);
  });

  it('of two processes is served whole, and the log explains every answer', async () => {
    const log = memory();
    const [one, other] = [open(log, 1), open(log, 2)];
    const created = await one.send(create);
    const answers = await Promise.all([...crowd(200).map(one.send), ...crowd(200).map(other.send)]);
    await expectExplained(log, [created, ...answers]);
  });

  it('has its refusals decided on what was written before them', async () => {
    const log = memory();
    const { send } = open(log);
    const forbidding = { name: 'a', cron_expression: '0 2 * * *', concurrency_policy: 'forbid' } as const;
    await send({ type: 'ScheduleCronJob', config: forbidding });
    const settled = await Promise.allSettled(
      [rename('b'), trigger, trigger, rename('b'), rename('c')].map(send),
    );
    expect(
      settled.map((result) => (result.status === 'fulfilled' ? result.value.version : 'refused')),
    ).toEqual([2, 3, 'refused', 3, 4]);
    expect(settled[2]).toMatchObject({ reason: { code: 'run_in_progress' } });
  });

  it('fails as one when the log fails, and the next is served', async () => {
    const log = memory();
    let isFull = false;
    const { send } = open({
      ...log,
      append: (writes) =>
        isFull ? Promise.reject(new StoreError('storage_full', 'full')) : log.append(writes),
    });
    await send(create);
    isFull = true;
    const failed = await Promise.allSettled(crowd(10).map(send));
    expect(
      failed.every((result) => result.status === 'rejected' && result.reason.code === 'storage_full'),
    ).toBe(true);
    isFull = false;
    expect((await send(rename('b'))).version).toBe(2);
  });

  it('of several jobs in one call is not failed by the one whose stream the log refuses', async () => {
    const log = memory();
    const { handler } = open({
      ...log,
      // As EventStoreDB: the others are written, and the call fails.
      async append(writes) {
        const refused = writes.some(({ stream }) => stream === jobStream('cron-2'));
        const outcomes = await log.append(writes.filter(({ stream }) => stream !== jobStream('cron-2')));
        if (refused) throw new StoreError('store_refused', 'deleted');
        return outcomes;
      },
    });
    expect(await createThree(handler)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect((await states(log)).size).toBe(1);
  });

  it('of several jobs in one call is told of each whether it is in the log, when the disk fills up meanwhile', async () => {
    const log = memory();
    let isFull = false;
    const { handler } = open({
      ...log,
      async append(writes) {
        const known = await log.append(
          isFull ? writes.filter(({ stream }) => stream === jobStream('cron-1')) : writes.slice(0, 1),
        );
        isFull = true;
        if (known.length < writes.length) throw new StoreError('storage_full', 'the disk is full');
        return known;
      },
    });
    expect(await createThree(handler)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect((await states(log)).size).toBe(1);
  });

  it('is told as a whole that the log cannot be reached, however many wait behind the one that was tried', async () => {
    const log = memory();
    const gate = createGate();
    let isDown = false;
    let tried = 0;
    const { send } = open({
      ...log,
      async append(writes) {
        if (!isDown) return log.append(writes);
        tried++;
        await gate.passed;
        throw new StoreError('store_unavailable', 'down');
      },
    });
    await send(create);
    isDown = true;
    const waiting = Promise.allSettled(crowd(300).map(send));
    await eventually('the first ones are tried', () => tried > 0);
    gate.open();
    const settled = await waiting;
    expect(settled.filter((result) => result.status === 'fulfilled')).toEqual([]);
    // The first batch, as often as an attempt is repeated.
    expect(tried).toBeLessThan(4);
    isDown = false;
    expect((await send(rename('b'))).version).toBe(2);
  });

  it('is not held up by a leader whose term has ended, whose Ticks wait for the same job', async () => {
    const { send, handler } = open(memory());
    await send(create);
    const isOver = (): void => {
      throw new Error('the term is over');
    };
    const requests = crowd(20).map(send);
    const tick = handler.handleAll([{ cronId: CRON_ID, command: trigger, cause }], isOver);
    requests.push(...crowd(20).map(send));
    await expect(tick).rejects.toThrow('the term is over');
    expect((await Promise.all(requests)).length).toBe(40);
  });

  it('does not hold up a tick, for which the ticks of all other jobs wait', async () => {
    let now = 0;
    const log = memory();
    const rival = open(log, 2);
    await rival.send(create);
    const { contended, rounds } = contendedBy(rival, log);
    const clock = { ...systemClock, monotonic: () => (now += 20), sleep: () => Promise.resolve() };
    const { handler, send } = open(contended, 3, clock);
    const order: string[] = [];
    const user = send(rename('mine')).catch(() => order.push('user'));
    await eventually('the command of the user is tried', () => rounds() > 0);
    const [tick] = await handler.handleAll([{ cronId: CRON_ID, command: trigger, cause }], () => undefined);
    order.push('tick');
    await user;
    expect(order).toEqual(['tick', 'user']);
    expect(tick).toMatchObject({ status: 'rejected', reason: { code: 'write_contention' } });
  });

  it('of a job that has to be read first does not hold up other jobs', async () => {
    const gate = createGate();
    const log = memory();
    let isSlow = false;
    const { send, handler } = open({
      ...log,
      async readStream(...given) {
        if (isSlow && given[0] === jobStream(CRON_ID)) await gate.passed;
        return log.readStream(...given);
      },
    });
    await send(create);
    isSlow = true;
    const refused = expect(send(create)).rejects.toMatchObject({ code: 'cron_id_taken' });
    const other = await handler.handle({ cronId: 'cron-2', command: create, cause });
    expect(other.version).toBe(1);
    gate.open();
    await refused;
  });

  it('gives up with write_contention when other processes are quicker for longer than its patience', async () => {
    let now = 0;
    const log = memory();
    await open(log, 1).send(create);
    const rival = open(log, 2);
    const { contended, rounds } = contendedBy(rival, log);
    const clock = { ...systemClock, monotonic: () => (now += 100), sleep: () => Promise.resolve() };
    const { handler } = open(contended, 3, clock);
    const request = { cronId: CRON_ID, command: rename('mine'), cause };
    await expect(handler.handle(request)).rejects.toMatchObject({ code: 'write_contention' });
    expect(rounds()).toBeGreaterThan(5);
    const waited = rounds();
    const [tick] = await handler.handleAll([request]);
    expect(tick).toMatchObject({ status: 'rejected', reason: { code: 'write_contention' } });
    // The jobs of a tick wait for each other, so it gives up sooner.
    expect(rounds() - waited).toBeLessThan(3);
  });
});
