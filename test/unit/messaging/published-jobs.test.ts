import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { jobStateSchema } from '../../../src/answers/job-state.js';
import { createEventPublisher, type EventPublisher } from '../../../src/messaging/event-publisher.js';
import type { JobStates } from '../../../src/messaging/changed-jobs.js';
import { CHECKPOINT_TOPIC, JOBS_TOPIC, topics } from '../../../src/messaging/topics.js';
import { StoreError } from '../../../src/ports/store-error.js';
import type { EventLog, NewEvent } from '../../../src/ports/event-log.js';
import { faultsOfMessage } from '../../golden/schema-faults.js';
import { createMemoryBrokers, type MemoryBrokers } from '../../stand-ins/memory-bus/memory-bus.js';
import { createCollectingLogger, type LogLine } from '../../support/collecting-logger.js';
import { eventually } from '../../support/eventually.js';
import { append, sampleEvent, sampleEvents } from '../../support/sample-events.js';
import { jobEvent } from './job-events-of-a-log.js';
import { ALL_WANTED, statesOf } from './publisher-world.js';

const clock = { ...systemClock, sleep: () => systemClock.yield() };

let log: EventLog;
let brokers: MemoryBrokers;
let logged: LogLine[];
const running: { stop: AbortController; ended: Promise<void> }[] = [];

beforeEach(async () => {
  log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
  brokers = createMemoryBrokers({ clock: systemClock });
  await brokers.openBus().createTopics(topics);
});
afterEach(async () => {
  await stopAll();
  await log.close();
  for (const message of brokers.messagesOf(JOBS_TOPIC)) expect(faultsOfMessage(message)).toEqual([]);
});

function start(states: JobStates = statesOf(log), assertMayPublish = (): void => undefined): EventPublisher {
  const logger = createCollectingLogger();
  logged = logger.lines;
  const bus = brokers.openBus();
  const publisher = createEventPublisher({ log, bus, clock, logger, states, wanted: ALL_WANTED });
  const stop = new AbortController();
  running.push({ stop, ended: publisher.run(stop.signal, assertMayPublish) });
  return publisher;
}

async function stopAll(): Promise<void> {
  for (const { stop, ended } of running.splice(0)) {
    stop.abort();
    await ended;
  }
}

/** The newest checkpoint says that all jobs are there. */
const published = (): Promise<true> =>
  eventually('everything is published', async () => {
    const last = brokers.messagesOf(CHECKPOINT_TOPIC).at(-1)?.value ?? new Uint8Array();
    const told = last.length > 0 && (JSON.parse(Buffer.from(last).toString()) as { jobs_up_to?: string });
    return told && told.jobs_up_to === (await log.head());
  });

async function publishAll(states?: JobStates): Promise<void> {
  start(states);
  await published();
  await stopAll();
}

async function write(cronId: string, ...events: NewEvent[]): Promise<void> {
  const stream = `cronJob-${cronId}`;
  const [last] = await log.readStream(stream, { direction: 'backwards', limit: 1 });
  await append(log, stream, last?.version ?? 0, events);
}

const states = () =>
  brokers.messagesOf(JOBS_TOPIC).map(({ key, headers, value }) => ({
    key,
    version: headers.ce_streamversion,
    state: value && (JSON.parse(Buffer.from(value).toString()) as Record<string, unknown>),
  }));

describe('the topic of jobs', () => {
  it('gets of an old log only the newest state of each job, as its details show it, and its version', async () => {
    await write('a', jobEvent.scheduled('a'), jobEvent.renamed('a', 'new'), jobEvent.started('a', 1));
    await write('b', jobEvent.scheduled('b'));
    await publishAll();
    expect(states()).toHaveLength(2);
    expect(states().find(({ key }) => key === 'a')).toMatchObject({
      version: '3',
      state: { id: 'a', name: 'new', status: 'active', last_run_status: 'running', version: 3 },
    });
    const [message] = brokers.messagesOf(JOBS_TOPIC);
    expect(message?.headers).toMatchObject({
      ce_specversion: '1.0',
      ce_source: '/certification-cron/jobs',
      ce_type: 'certification-cron.CronJobState',
      ce_subject: `cronJob-${String(message?.key)}`,
      ce_schemaversion: String(jobStateSchema.version),
      ce_dataschema: jobStateSchema.urn,
      'content-type': 'application/json',
    });
  });

  it('gets each change that comes, behind its event, and of those that come together the newest', async () => {
    start();
    await write('a', jobEvent.scheduled('a'));
    await published();
    await write('a', jobEvent.started('a', 1), jobEvent.completed('a', 1));
    await published();
    expect(states().map(({ version }) => version)).toEqual(['1', '3']);
    expect(states()[1]?.state).toMatchObject({ last_run_status: 'success', version: 3 });
  });

  it('gets a tombstone for a job that is deleted, and the job again when it is restored', async () => {
    await write('a', jobEvent.scheduled('a'), jobEvent.deleted('a'));
    await publishAll();
    expect(states()).toEqual([{ key: 'a', version: '2', state: null }]);
    await write('a', jobEvent.restored('a'));
    await publishAll();
    expect(states()[1]).toMatchObject({ version: '3', state: { id: 'a', version: 3 } });
  });

  it('repeats nothing when the publisher starts again, and gets nothing for other events', async () => {
    await write('a', jobEvent.scheduled('a'));
    await publishAll();
    await append(log, 'certificationReminder-x', 0, [sampleEvent()]);
    for (let starts = 0; starts < 3; starts++) await publishAll();
    expect(states()).toHaveLength(1);
  });

  it('is filled when an earlier version has published the log, of which nothing is repeated', async () => {
    for (const cronId of ['a', 'b', 'c']) await write(cronId, jobEvent.scheduled(cronId));
    await publishAll();
    const before = await everythingOf(CHECKPOINT_TOPIC);
    const { position, event } = JSON.parse(before.at(-1) ?? '') as { position: string; event: object };
    // As an earlier version has left the topics.
    const events = brokers.messagesOf('certification-cron.events');
    brokers = createMemoryBrokers({ clock: systemClock });
    await brokers.openBus().createTopics(topics);
    const producer = await brokers.openBus().openProducer();
    await producer.send([
      ...events.map(({ topic, key, headers, value }) => ({ topic, key: key ?? '', headers, value })),
      {
        topic: CHECKPOINT_TOPIC,
        key: 'checkpoint',
        headers: {},
        value: JSON.stringify({ position, event }),
      },
    ]);
    await publishAll();
    expect(
      states()
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['a', 'b', 'c']);
    expect(brokers.messagesOf('certification-cron.events')).toHaveLength(3);
    await publishAll();
    expect(states()).toHaveLength(3);
  });

  it('gets all of an old log, though the first publisher died when all events but no jobs were there', async () => {
    await write('a', jobEvent.scheduled('a'));
    await write('x', ...sampleEvents(700));
    await write('b', jobEvent.scheduled('b'));
    let sends = 0;
    const publisher = start(statesOf(log), () => {
      // The beginning, and two slices of events.
      if (++sends > 3) throw new Error('killed');
    });
    await eventually('it is dead', () => publisher.problem() === 'killed');
    await stopAll();
    expect([idsOf('certification-cron.events').length, states()]).toEqual([702, []]);
    await publishAll();
    expect(
      states()
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['a', 'b']);
    expect(idsOf('certification-cron.events')).toHaveLength(702);
  });

  it('waits for a state that cannot be told yet, while events are published', async () => {
    let isDown = true;
    const own = statesOf(log);
    const publisher = start({
      ...own,
      after: (event) =>
        isDown ? Promise.reject(new StoreError('store_unavailable', 'down')) : own.after(event),
    });
    await write('a', jobEvent.scheduled('a'));
    await eventually('it has tried', () => publisher.problem() === 'down');
    await write('b', jobEvent.scheduled('b'));
    await eventually('events are published', () => idsOf('certification-cron.events').length === 2);
    expect(states()).toEqual([]);
    isDown = false;
    await eventually('the jobs', () => states().length === 2);
  });

  it('passes by a job that cannot be read, and says so', async () => {
    await write('a', jobEvent.scheduled('a'), { ...sampleEvent(), type: 'RunStarted' });
    await write('b', jobEvent.scheduled('b'));
    await publishAll();
    expect(states().map(({ key }) => key)).toEqual(['b']);
    const text = 'job cannot be read; its topic has an earlier state of it';
    expect(logged.filter(({ message }) => message === text)).toMatchObject([
      { level: 'error', fields: { stream: 'cronJob-a', version: 2 } },
    ]);
  });

  it('gets a job that is too large for it cut, and the others whole', async () => {
    brokers = createMemoryBrokers({ clock: systemClock, maxMessageBytes: 20_000 });
    await brokers.openBus().createTopics(topics);
    await write('a', jobEvent.scheduled('a'), jobEvent.renamed('a', 'x'.repeat(30_000)));
    await write('b', jobEvent.scheduled('b'));
    await publishAll();
    const told = logged.filter(({ message }) => message === 'job too large for its topic; published cut');
    expect(told).toMatchObject([{ level: 'error', fields: { stream: 'cronJob-a', form: 'cut' } }]);
    const marks = brokers.messagesOf(JOBS_TOPIC).map(({ key, headers }) => [key, headers.ce_truncated]);
    expect(marks.sort()).toEqual([
      ['a', 'true'],
      ['b', undefined],
    ]);
  });
});

const idsOf = (topic: string): unknown[] => brokers.messagesOf(topic).map(({ headers }) => headers.ce_id);

async function everythingOf(topic: string): Promise<string[]> {
  await stopAll();
  return brokers.messagesOf(topic).map(({ value }) => Buffer.from(value ?? []).toString());
}
