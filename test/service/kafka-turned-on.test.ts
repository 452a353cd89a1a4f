import { afterEach, expect, it } from '@jest/globals';
import { systemClock } from '../../src/adapters/system/clock.js';
import { EVENTS_TOPIC, JOBS_TOPIC, REMINDERS_TOPIC, RUNS_TOPIC, topics } from '../../src/messaging/topics.js';
import { faultsOfMessage } from '../golden/schema-faults.js';
import { createMemoryBrokers, type MemoryBrokers } from '../stand-ins/memory-bus/memory-bus.js';
import { eventually } from '../support/eventually.js';
import { startApp, type RunningApp } from '../support/running-app.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { writeOldLog } from './old-log.js';

const OVER = 'the log so far is published';

let running: RunningApp | undefined;

afterEach(() => stop());

async function stop(): Promise<void> {
  await running?.app.stop();
  running = undefined;
}

async function start(dataDir: string, brokers?: MemoryBrokers): Promise<RunningApp> {
  // Nobody performs runs here: the open one stays open.
  const env = { DATA_DIR: dataDir, EXECUTOR: 'external', KAFKA_BROKERS: 'given-as-an-override:9092' };
  running = brokers ? await startApp(env, { bus: brokers.openBus() }) : await startApp({ DATA_DIR: dataDir });
  return running;
}

async function newBrokers(): Promise<MemoryBrokers> {
  const brokers = createMemoryBrokers({ clock: systemClock });
  await brokers.openBus().createTopics(topics);
  return brokers;
}

const idsIn = (brokers: MemoryBrokers, topic: string): unknown[] =>
  brokers
    .messagesOf(topic)
    .map(({ headers }) => headers.ce_id)
    .sort();

it('turned on for a log of three years, Kafka gets all events, and to act on only what is due or open', async () => {
  const dataDir = temporaryFolder();
  const old = await writeOldLog(dataDir, { years: 3, mentors: 30, now: Date.now() });
  const first = await start(dataDir, await newBrokers());
  await first.app.adapters.registry.upsert(old.registry, 'test');
  await stop();

  const brokers = await newBrokers();
  const turnedOn = await start(dataDir, brokers);
  const told = await eventually(
    'it is over',
    () => turnedOn.logged.find(({ message }) => message === OVER),
    30_000,
  );
  expect(idsIn(brokers, EVENTS_TOPIC)).toEqual([...old.events].sort());
  expect(old.events.length).toBeGreaterThan(7_000);
  expect(idsIn(brokers, REMINDERS_TOPIC)).toEqual([...old.due].sort());
  expect(old.due.length).toBeGreaterThan(3);
  expect(idsIn(brokers, RUNS_TOPIC)).toEqual(old.openRuns);
  expect(brokers.messagesOf(REMINDERS_TOPIC).map(({ headers }) => headers.ce_republished)).toEqual(
    old.due.map(() => 'true'),
  );
  expect(told.fields).toMatchObject({
    events: old.events.length,
    runs: 1,
    runs_left_out: 3 * 3 * 365,
    reminders: old.due.length,
  });
  await eventually('the jobs', () => brokers.messagesOf(JOBS_TOPIC).length >= 3);
  const jobs = brokers.messagesOf(JOBS_TOPIC).map(({ key, value }) => [key, value === null]);
  expect(jobs.sort()).toEqual([...old.jobs.map((id) => [id, false]), ['cron-water', true]].sort());

  for (const topic of [EVENTS_TOPIC, RUNS_TOPIC, REMINDERS_TOPIC, JOBS_TOPIC])
    expect(brokers.messagesOf(topic).flatMap(faultsOfMessage)).toEqual([]);

  const { body } = await turnedOn.call('GET', `/${old.jobs[0]}`);
  const message = brokers.messagesOf(JOBS_TOPIC).find(({ key }) => key === old.jobs[0]);
  const { version, ...state } = JSON.parse(Buffer.from(message?.value ?? []).toString()) as {
    version: number;
  };
  expect(state).toEqual(body);
  expect(String(version)).toBe(message?.headers.ce_streamversion);

  await stop();
  const again = await start(dataDir, brokers);
  await again.call('POST', '', { name: 'new', cron_expression: '0 2 1 1 *' });
  await eventually('the new job', () => brokers.messagesOf(JOBS_TOPIC).length === 4);
  expect(brokers.messagesOf(REMINDERS_TOPIC)).toHaveLength(old.due.length);
  expect(brokers.messagesOf(EVENTS_TOPIC)).toHaveLength(old.events.length + 1);
}, 120_000);
