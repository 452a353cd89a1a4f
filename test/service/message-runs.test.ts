import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/adapters/system/clock.js';
import { DEAD_LETTERS_TOPIC, RESULTS_TOPIC, RUNS_TOPIC, topics } from '../../src/messaging/topics.js';
import type { MessageBus } from '../../src/ports/message-bus.js';
import { certification } from '../contract/certification-registry.contract.js';
import { eventually } from '../support/eventually.js';
import { createMemoryBrokers, type MemoryBrokers } from '../stand-ins/memory-bus/memory-bus.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let brokers: MemoryBrokers;
let bus: MessageBus;
let dataDir: string;
const apps: RunningApp[] = [];

beforeEach(async () => {
  brokers = createMemoryBrokers({ clock: systemClock });
  bus = brokers.openBus();
  await bus.createTopics(topics);
  dataDir = temporaryFolder();
});
afterEach(async () => {
  for (const { app } of apps.splice(0)) await app.stop();
  await bus.close();
});

async function start(env: Record<string, string> = {}): Promise<RunningApp> {
  const running = await startApp({ DATA_DIR: dataDir, ...env }, { bus: brokers.openBus() });
  apps.push(running);
  return running;
}

const external = (): Promise<RunningApp> =>
  start({ EXECUTOR: 'external', KAFKA_BROKERS: 'given-as-an-override:9092' });

async function createJob(running: RunningApp, config: object = {}): Promise<string> {
  const { body } = await running.call('POST', '', { name: 'job', cron_expression: '0 2 * * *', ...config });
  return body.id as string;
}

async function execute(running: RunningApp, id: string): Promise<string> {
  const { status, body } = await running.call('POST', `/${id}/execute`, { dry_run: false });
  expect(status).toBe(202);
  return body.run_id as string;
}

const ended = (running: RunningApp, id: string) =>
  eventually('the run has ended', async () => {
    const [run] = (await running.call('GET', `/${id}/runs`)).body.data;
    return run?.status !== 'running' && run;
  });

async function send(topic: string, key: string, value: string, headers: Record<string, string> = {}) {
  const producer = await bus.openProducer();
  await producer.send([{ topic, key, headers, value }]);
  await producer.close();
}

const publishedOf = (type: string) =>
  brokers
    .messagesOf('certification-cron.events')
    .filter(({ headers }) => headers.ce_type === `certification-cron.${type}`);

const reasons = (): unknown[] =>
  brokers.messagesOf(DEAD_LETTERS_TOPIC).map(({ headers }) => headers.dead_letter_reason);

describe('runs that are handed out over the message bus', () => {
  it('are performed by one of the workers, and completed once', async () => {
    const [one, other] = [await start(), await start()];
    await one.app.adapters.registry.upsert([certification('cert-1', 'mentor-1', '2020-01-01')], 'test');
    const id = await createJob(one);
    for (let run = 0; run < 5; run++) {
      const runId = await execute(run % 2 === 0 ? one : other, id);
      expect(await ended(one, id)).toMatchObject({
        run_id: runId,
        status: 'success',
        result: { mentors_checked: 1, reminders_sent: 0, errors: 0 },
      });
    }
    await eventually('five completions are published', () => publishedOf('RunCompleted').length >= 5);
    const ids = publishedOf('RunCompleted').map(({ headers }) => headers.ce_id);
    expect(new Set(ids).size).toBe(5);
    expect(reasons()).toEqual([]);
  });

  it('wait while the bus is down, and are performed when it is there again', async () => {
    const running = await start();
    brokers.setDown(true);
    const id = await createJob(running);
    await execute(running, id);
    expect((await running.call('GET', `/${id}`)).body.last_run_status).toBe('running');
    const { body } = await running.call('GET', `${running.address}/readyz`);
    expect(body).toMatchObject({ status: 'ready', dependencies: { message_bus: { status: 'degraded' } } });
    brokers.setDown(false);
    expect(await ended(running, id)).toMatchObject({ status: 'success' });
  });

  it('are taken up by another worker when theirs is stopped in the middle', async () => {
    const first = await start();
    const id = await createJob(first);
    const { registry } = first.app.adapters;
    const pages = registry.pages.bind(registry);
    let asked = false;
    registry.pages = async function* () {
      asked = true;
      await eventually('the worker is stopped', () => stopping);
      yield* pages();
    };
    let stopping = false;
    const runId = await execute(first, id);
    await eventually('the check is under way', () => asked);
    const stopped = first.app.stop();
    stopping = true;
    await stopped;
    apps.splice(0);
    expect(await ended(await start(), id)).toMatchObject({ run_id: runId, status: 'success' });
  });

  it.each([
    ['no JSON', 'RunStarted', /no valid JSON/],
    ['a missing field', '{"cron_id":"cron-1"}', /run_id must be a text/],
    ['a job that the log does not know', '{"cron_id":"cron-1","run_id":"run-1"}', /no cron job cron-1/],
  ])('are set aside when there is %s, and the next one goes on', async (_, value, reason) => {
    const running = await start();
    await send(RUNS_TOPIC, 'run-1', value);
    const id = await createJob(running);
    await execute(running, id);
    await ended(running, id);
    await eventually('a dead letter', () => reasons().length === 1);
    expect(reasons()[0]).toMatch(reason);
  });
});

describe('runs that another service performs', () => {
  const result = { mentors_checked: 7, reminders_sent: 2, errors: 1 };

  it('stay open until it says what became of them', async () => {
    const running = await external();
    const id = await createJob(running);
    const run_id = await execute(running, id);
    await eventually('the run is handed out', () => brokers.messagesOf(RUNS_TOPIC).length === 1);
    const told = { cron_id: id, run_id, status: 'success', result, took_ms: 12 };
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await send(RESULTS_TOPIC, run_id, JSON.stringify(told), { ce_id: 'result-1', traceparent });
    expect(await ended(running, id)).toMatchObject({ run_id, status: 'success', result });
    const { log } = running.app.adapters;
    const events = await log.readStream(`cronJob-${id}`, { direction: 'backwards', limit: 1 });
    const causation_id = 'result-1';
    expect(events[0]?.metadata).toMatchObject({ actor: 'external-executor', causation_id, traceparent });
  });

  it('fail when it says so', async () => {
    const running = await external();
    const id = await createJob(running);
    const run_id = await execute(running, id);
    const error = { code: 'DIRECTORY_DOWN', message: `no registry\ud800 ${'x'.repeat(100_000)}` };
    await send(RESULTS_TOPIC, run_id, JSON.stringify({ cron_id: id, run_id, status: 'failed', error }));
    const message = expect.stringMatching(/^no registry\ufffd x{1900,}… \(100013 characters\)$/);
    expect(await ended(running, id)).toMatchObject({
      status: 'failed',
      error: { code: 'DIRECTORY_DOWN', message },
    });
    await eventually('it is published', () => publishedOf('RunCompleted').length === 1);
    expect(JSON.parse(String(publishedOf('RunCompleted')[0]?.value))).toMatchObject({
      error: { code: 'DIRECTORY_DOWN', message },
    });
    expect(reasons()).toEqual([]);
  });

  it('are completed once: a result that comes again changes nothing', async () => {
    const running = await external();
    const id = await createJob(running);
    const run_id = await execute(running, id);
    const told = JSON.stringify({ cron_id: id, run_id, status: 'success', result });
    for (let time = 0; time < 3; time++) await send(RESULTS_TOPIC, run_id, told);
    await ended(running, id);
    const next = await execute(running, id);
    await send(RESULTS_TOPIC, next, told.replace(run_id, next));
    await eventually('the next one is complete', async () => {
      return (await running.call('GET', `/${id}`)).body.last_run_status === 'success';
    });
    const events = await running.app.adapters.log.readStream(`cronJob-${id}`, {
      direction: 'forwards',
      limit: 100,
    });
    expect(events.filter(({ type }) => type === 'RunCompleted')).toHaveLength(2);
  });

  it.each<[string, object, RegExp]>([
    ['no status', { result }, /status/],
    ['a success without counts', { status: 'success' }, /result must have the counts/],
    [
      'a negative count',
      { status: 'success', result: { ...result, errors: -1 } },
      /errors must not be negative/,
    ],
    ['a failure without a message', { status: 'failed', error: {} }, /error.message must be a text/],
    ['an unknown job', { cron_id: 'cron-none', status: 'success', result }, /no cron job cron-none/],
  ])('are left open by a result with %s, which is set aside', async (_, told, reason) => {
    const running = await external();
    const id = await createJob(running);
    const run_id = await execute(running, id);
    await send(RESULTS_TOPIC, run_id, JSON.stringify({ cron_id: id, run_id, ...told }));
    await eventually('a dead letter', () => reasons().length === 1);
    expect(reasons()[0]).toMatch(reason);
    expect((await running.call('GET', `/${id}`)).body.last_run_status).toBe('running');
  });
});
