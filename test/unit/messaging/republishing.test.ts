import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { createEventPublisher, type EventPublisher } from '../../../src/messaging/event-publisher.js';
import type { StillWanted } from '../../../src/messaging/republishing.js';
import {
  CHECKPOINT_TOPIC,
  EVENTS_TOPIC,
  REMINDERS_TOPIC,
  RUNS_TOPIC,
  topics,
} from '../../../src/messaging/topics.js';
import { StoreError } from '../../../src/ports/store-error.js';
import type { EventLog, NewEvent } from '../../../src/ports/event-log.js';
import { createMemoryBrokers, type MemoryBrokers } from '../../stand-ins/memory-bus/memory-bus.js';
import { createCollectingLogger, type LogLine } from '../../support/collecting-logger.js';
import { eventually } from '../../support/eventually.js';
import { append, sampleEvent } from '../../support/sample-events.js';
import { NO_JOBS } from './publisher-world.js';

const clock = { ...systemClock, sleep: () => systemClock.yield() };
const BEGUN =
  'topics are empty: of the log so far, only runs that are open and reminders that are due go out';
const OVER = 'the log so far is published';

let log: EventLog;
let brokers: MemoryBrokers;
let logged: LogLine[];
let version: number;
const running: { stop: AbortController; ended: Promise<void> }[] = [];

beforeEach(() => {
  log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
  version = 0;
  return openBrokers();
});
afterEach(async () => {
  await stopAll();
  await log.close();
});

async function openBrokers(): Promise<void> {
  brokers = createMemoryBrokers({ clock: systemClock });
  await brokers.openBus().createTopics(topics);
}

async function write(...events: NewEvent[]): Promise<void> {
  await append(log, 'cronJob-a', version, events);
  version += events.length;
}

const run = (name: string): NewEvent => ({
  ...sampleEvent({ cron_id: 'a', run_id: name }),
  type: 'RunStarted',
});
const reminder = (name: string): NewEvent => ({
  ...sampleEvent({ cron_id: 'a', mentor_id: name }),
  type: 'ReminderRequested',
});

/** Wanted are those whose names say so. */
const isWanted = ({ data }: { data: Record<string, unknown> }): boolean =>
  String(data.run_id ?? data.mentor_id).startsWith('wanted');
const BY_NAME: StillWanted = {
  whenKnown: () => Promise.resolve(),
  isOpen: isWanted,
  stillDue: (events) => Promise.resolve(new Set(events.filter(isWanted))),
};

function start({ wanted = BY_NAME, assertMayPublish = (): void => undefined } = {}): EventPublisher {
  const logger = createCollectingLogger();
  logged = logger.lines;
  const bus = brokers.openBus();
  const publisher = createEventPublisher({ log, bus, clock, logger, states: NO_JOBS, wanted });
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

async function publishAll(): Promise<void> {
  const publisher = start();
  await eventually('all is published', async () => publisher.position() === (await log.head()));
  await stopAll();
}

const keysIn = (topic: string): unknown[] => brokers.messagesOf(topic).map(({ key }) => key);
const marksIn = (topic: string): unknown[] =>
  brokers.messagesOf(topic).map(({ headers }) => headers.ce_republished);
const lines = (text: string): object[] =>
  logged.filter(({ message }) => message === text).map(({ fields }) => fields);

describe('publishing with empty topics', () => {
  it('sends all events, marked, but only the runs and reminders that are still wanted', async () => {
    await write(run('over-1'), run('wanted-1'), reminder('over-2'), reminder('wanted-2'), sampleEvent());
    await publishAll();
    expect(marksIn(EVENTS_TOPIC)).toEqual(Array.from({ length: 5 }, () => 'true'));
    expect([keysIn(RUNS_TOPIC), marksIn(RUNS_TOPIC)]).toEqual([['wanted-1'], ['true']]);
    expect([keysIn(REMINDERS_TOPIC), marksIn(REMINDERS_TOPIC)]).toEqual([['wanted-2'], ['true']]);
  });

  it('says so, and in the end what went where', async () => {
    await write(run('over-1'), run('wanted-1'), reminder('over-2'), reminder('over-3'), sampleEvent());
    const up_to = await log.head();
    await publishAll();
    expect(lines(BEGUN)).toEqual([{ up_to }]);
    const counts = { events: 5, runs: 1, runs_left_out: 1, reminders: 0, reminders_left_out: 2 };
    expect(lines(OVER)).toEqual([{ up_to, ...counts }]);
  });

  it('sends what comes afterwards whatever it is, without a mark', async () => {
    await write(run('over-1'));
    const publisher = start();
    await eventually('it has begun', async () => publisher.position() === (await log.head()));
    await write(run('over-2'), reminder('over-3'));
    await eventually('all is published', async () => publisher.position() === (await log.head()));
    expect(keysIn(RUNS_TOPIC)).toEqual(['over-2']);
    expect(keysIn(REMINDERS_TOPIC)).toEqual(['over-3']);
    expect(marksIn(EVENTS_TOPIC).sort()).toEqual(['true', undefined, undefined]);
  });

  it('begins at the end of an empty log', async () => {
    const publisher = start();
    await eventually('it has begun', () => brokers.messagesOf(CHECKPOINT_TOPIC).length > 0);
    await write(run('over-1'));
    await eventually('all is published', async () => publisher.position() === (await log.head()));
    expect([keysIn(RUNS_TOPIC), marksIn(RUNS_TOPIC)]).toEqual([['over-1'], [undefined]]);
    expect(lines(OVER)).toEqual([]);
  });

  it('keeps to what it has begun with, though it dies before it has sent an event', async () => {
    await write(run('over-1'));
    let sends = 0;
    start({
      assertMayPublish: () => {
        if (sends++ > 0) throw new Error('killed');
      },
    });
    await eventually('it has begun', () => sends > 1);
    await stopAll();
    expect(keysIn(EVENTS_TOPIC)).toEqual([]);
    await write(run('over-2'));
    await publishAll();
    expect(keysIn(RUNS_TOPIC)).toEqual(['over-2']);
    expect(lines(BEGUN)).toEqual([]);
  });

  it('sends nothing while its beginning cannot be written down', async () => {
    await write(run('wanted-1'));
    brokers.failNextSend('lost');
    await publishAll();
    const told = brokers.messagesOf(CHECKPOINT_TOPIC)[0]?.value ?? new Uint8Array();
    expect(JSON.parse(Buffer.from(told).toString())).toEqual({
      position: '',
      event: null,
      republished_up_to: await log.head(),
      jobs_up_to: '',
    });
    expect(keysIn(RUNS_TOPIC)).toEqual(['wanted-1']);
  });

  it('waits for what it has to ask, and goes on', async () => {
    await write(reminder('wanted-1'), reminder('over-2'));
    let isDown = true;
    const publisher = start({
      wanted: {
        ...BY_NAME,
        stillDue(events, signal) {
          if (isDown) throw new StoreError('store_unavailable', 'the registry is down');
          return BY_NAME.stillDue(events, signal);
        },
      },
    });
    await eventually('it has tried', () => publisher.problem() === 'the registry is down');
    expect(keysIn(EVENTS_TOPIC)).toEqual([]);
    isDown = false;
    await eventually('all is published', async () => publisher.position() === (await log.head()));
    expect(keysIn(REMINDERS_TOPIC)).toEqual(['wanted-1']);
    await eventually('it is told', () => lines(OVER).length > 0);
    expect(lines(OVER)).toMatchObject([{ reminders: 1, reminders_left_out: 1 }]);
  });

  it('takes a foreign message for nothing of its own', async () => {
    const producer = await brokers.openBus().openProducer();
    await producer.send([{ topic: EVENTS_TOPIC, key: 'x', headers: {}, value: 'x' }]);
    await write(run('over-1'));
    await publishAll();
    expect(keysIn(RUNS_TOPIC)).toEqual([]);
  });
});

describe('topics that have been published to', () => {
  it('are no new beginning when retention has removed all but the checkpoint', async () => {
    await write(run('over-1'));
    await publishAll();
    const [checkpoint] = brokers.messagesOf(CHECKPOINT_TOPIC).slice(-1);
    await openBrokers();
    const producer = await brokers.openBus().openProducer();
    const value = checkpoint?.value ?? null;
    await producer.send([{ topic: CHECKPOINT_TOPIC, key: 'checkpoint', headers: {}, value }]);
    await write(run('over-2'));
    await publishAll();
    expect([keysIn(RUNS_TOPIC), marksIn(EVENTS_TOPIC)]).toEqual([['over-2'], [undefined]]);
    expect(lines(BEGUN)).toEqual([]);
  });

  it('are none when an earlier version has published, which has no end of the log on record', async () => {
    await write(run('over-1'), run('over-2'));
    const [first] = await log.readStream('cronJob-a', { direction: 'forwards', limit: 1 });
    const { position, id } = first ?? { position: '', id: '' };
    const value = JSON.stringify({ position, event: { position, id } });
    const producer = await brokers.openBus().openProducer();
    await producer.send([{ topic: CHECKPOINT_TOPIC, key: 'checkpoint', headers: {}, value }]);
    await publishAll();
    expect([keysIn(RUNS_TOPIC), marksIn(EVENTS_TOPIC)]).toEqual([['over-2'], [undefined]]);
  });
});
