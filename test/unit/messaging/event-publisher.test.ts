import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { createEventPublisher, type EventPublisher } from '../../../src/messaging/event-publisher.js';
import {
  CHECKPOINT_TOPIC,
  EVENTS_TOPIC,
  REMINDERS_TOPIC,
  RUNS_TOPIC,
  topics,
} from '../../../src/messaging/topics.js';
import type { MessageBus } from '../../../src/ports/message-bus.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { START, type EventLog, type NewEvent } from '../../../src/ports/event-log.js';
import { createCollectingLogger, type LogLine } from '../../support/collecting-logger.js';
import { eventually } from '../../support/eventually.js';
import { createMemoryBrokers, type MemoryBrokers } from '../../stand-ins/memory-bus/memory-bus.js';
import type { SendFault } from '../../stand-ins/memory-bus/memory-producer.js';
import { append, sampleEvent, sampleEvents } from '../../support/sample-events.js';
import { ALL_WANTED, NO_JOBS } from './publisher-world.js';

let log: EventLog;
let brokers: MemoryBrokers;
let logged: LogLine[];
const running: { stop: AbortController; ended: Promise<void> }[] = [];

/** Sleeps of the publisher are its back-off: a test does not wait for them. */
const clock = { ...systemClock, sleep: () => systemClock.yield() };

beforeEach(open);

async function open(): Promise<void> {
  log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
  await openBrokers();
}

async function openBrokers(): Promise<void> {
  brokers = createMemoryBrokers({ clock: systemClock });
  await brokers.openBus().createTopics(topics);
}

afterEach(async () => {
  await stopAll();
  await log.close();
});

function start(on: EventLog = log, assertMayPublish: () => void = () => undefined): EventPublisher {
  const logger = createCollectingLogger();
  logged = logger.lines;
  const publisher = createEventPublisher({
    log: on,
    bus: brokers.openBus(),
    clock,
    logger,
    states: NO_JOBS,
    wanted: ALL_WANTED,
  });
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

const published = (publisher: EventPublisher): Promise<true> =>
  eventually('everything is published', async () => publisher.position() === (await log.head()));

async function write(stream: string, events: readonly NewEvent[]): Promise<void> {
  const [last] = await log.readStream(stream, { direction: 'backwards', limit: 1 });
  await append(log, stream, last?.version ?? 0, events);
}

const idsIn = (topic: string): unknown[] => brokers.messagesOf(topic).map(({ headers }) => headers.ce_id);

/** Every event once, and in order within each partition. */
async function expectComplete(): Promise<void> {
  const events = await allEvents(log);
  expect(idsIn(EVENTS_TOPIC).sort()).toEqual(events.map(({ id }) => id).sort());
  const started = events.filter(({ type }) => type === 'RunStarted');
  expect(idsIn(RUNS_TOPIC).sort()).toEqual(started.map(({ id }) => id).sort());
  for (const topic of [EVENTS_TOPIC, RUNS_TOPIC, REMINDERS_TOPIC]) {
    // By partition, and then as they lie there.
    const places = brokers
      .messagesOf(topic)
      .map(({ partition, headers }) => `${partition} ${String(headers.ce_logposition)}`);
    expect(places).toEqual([...places].sort());
  }
}

async function allEvents(of: EventLog) {
  const stop = new AbortController();
  const events = [];
  for await (const batch of of.subscribe({
    from: START,
    prefixes: ['cronJob-', 'certif'],
    signal: stop.signal,
  })) {
    events.push(...batch.events);
    if (batch.caughtUp) stop.abort();
  }
  return events;
}

const runStarted = (run: number): NewEvent => ({
  ...sampleEvent({ cron_id: 'cron-1', run_id: `run-${run}` }),
  type: 'RunStarted',
});

describe('publishing', () => {
  it('sends what is there and what comes', async () => {
    await write('cronJob-a', sampleEvents(3));
    const publisher = start();
    await published(publisher);
    await write('cronJob-a', [runStarted(1)]);
    const reminder = { ...sampleEvent({ cron_id: 'cron-a', mentor_id: 'm' }), type: 'ReminderRequested' };
    await write('certificationReminder-a', [reminder]);
    await published(publisher);
    expect(publisher.problem()).toBeUndefined();
    // A checkpoint may come behind the events.
    await stopAll();
    await expectComplete();
    expect(idsIn(REMINDERS_TOPIC)).toEqual([reminder.id]);
    const used = topics.map(({ name }) => name).filter((name) => brokers.messagesOf(name).length > 0);
    expect(used).toEqual([EVENTS_TOPIC, RUNS_TOPIC, REMINDERS_TOPIC, CHECKPOINT_TOPIC]);
    expect(logged.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('sends a long log in pieces, none larger than a broker takes', async () => {
    const large = Array.from({ length: 40 }, () => sampleEvent({ text: 'ä'.repeat(50_000) }));
    for (const event of large) await write('cronJob-a', [event]);
    for (let job = 0; job < 30; job++) await write(`cronJob-${job}`, sampleEvents(60));
    await published(start());
    await expectComplete();
  });

  it('sends nothing more from the moment on that it may not, though nothing has told it to stop', async () => {
    for (let job = 0; job < 30; job++) await write(`cronJob-${job}`, sampleEvents(60));
    let asked = 0;
    const publisher = start(log, () => {
      // Once to say that publishing begins, once for the first events.
      if (asked++ > 1) throw new Error('another one publishes');
    });
    await eventually('it has stopped', () => publisher.problem() === 'another one publishes');
    expect(idsIn(EVENTS_TOPIC).length).toBe(500);
    expect(idsIn(CHECKPOINT_TOPIC)).toHaveLength(1);
  });

  it('goes on behind what is there when it is started again, and repeats nothing', async () => {
    for (let round = 0; round < 4; round++) {
      const publisher = start();
      for (let job = 0; job < 5; job++) await write(`cronJob-${job}`, [...sampleEvents(7), runStarted(job)]);
      await published(publisher);
      await stopAll();
    }
    await expectComplete();
  });

  it.each<SendFault>(['lost', 'written but not acknowledged', 'partly written'])(
    'looks what is there after a send that was %s',
    async (fault) => {
      const publisher = start();
      for (let round = 0; round < 5; round++) {
        brokers.failNextSend(fault);
        for (let job = 0; job < 5; job++)
          await write(`cronJob-${job}`, [...sampleEvents(3), runStarted(job)]);
        await published(publisher);
      }
      await expectComplete();
      expect(logged.filter(({ level }) => level === 'warn').length).toBeGreaterThan(0);
      expect(logged.every(({ level }) => level !== 'error')).toBe(true);
    },
  );

  it('waits for brokers that are down, says so, and goes on in order', async () => {
    brokers.setDown(true);
    const publisher = start();
    await write('cronJob-a', sampleEvents(3));
    await eventually('it has tried', () => logged.length > 2);
    expect(publisher.problem()).toMatch(/down/);
    brokers.setDown(false);
    await published(publisher);
    await write('cronJob-a', sampleEvents(2));
    await published(publisher);
    expect(publisher.problem()).toBeUndefined();
    await expectComplete();
  });

  it.each([
    ['its checkpoints', 3, (topic: string) => topic === CHECKPOINT_TOPIC],
    ['what comes behind a part that is there', 600, (_topic: string, sent: number) => sent > 0],
  ])('pauses longer and longer while the brokers refuse %s', async (_, count, refuses) => {
    for (let written = 0; written < count; written += 60)
      await write(`cronJob-${written}`, sampleEvents(Math.min(60, count)));
    const pauses: number[] = [];
    const patient = {
      ...systemClock,
      sleep: (ms: number) => {
        pauses.push(ms);
        return systemClock.yield();
      },
    };
    const own = brokers.openBus();
    let sent = 0;
    const bus: MessageBus = {
      ...own,
      async openProducer() {
        const producer = await own.openProducer();
        return {
          ...producer,
          async send(messages) {
            if (refuses(messages[0]?.topic ?? '', sent)) throw new StoreError('store_refused', 'no');
            await producer.send(messages);
            sent += messages.filter(({ topic }) => topic === EVENTS_TOPIC).length;
          },
        };
      },
    };
    const logger = createCollectingLogger();
    const stop = new AbortController();
    const publisher = createEventPublisher({
      log,
      bus,
      clock: patient,
      logger,
      states: NO_JOBS,
      wanted: ALL_WANTED,
    });
    running.push({ stop, ended: publisher.run(stop.signal, () => undefined) });
    await eventually('it has tried', () => pauses.length >= 5);
    expect(pauses.slice(0, 5)).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
  });

  it('knows where it stands when retention has removed all messages', async () => {
    await write('cronJob-a', sampleEvents(5));
    await published(start());
    await eventually('a checkpoint', () => brokers.messagesOf(CHECKPOINT_TOPIC).length > 0);
    await stopAll();
    const checkpoints = brokers.messagesOf(CHECKPOINT_TOPIC);
    await openBrokers();
    await copyInto(checkpoints);
    await write('cronJob-a', sampleEvents(2));
    await published(start());
    expect(idsIn(EVENTS_TOPIC)).toHaveLength(2);
  });

  async function copyInto(messages: ReturnType<MemoryBrokers['messagesOf']>): Promise<void> {
    const bus = brokers.openBus();
    const producer = await bus.openProducer();
    await producer.send(
      messages.map(({ topic, key, headers, value }) => ({ topic, key: key ?? '', headers, value })),
    );
    await bus.close();
  }

  it('warns of a newest message that it has not written, and publishes all the same', async () => {
    const foreign = { topic: EVENTS_TOPIC, partition: 0, offset: '0', key: 'x', headers: {}, value: null };
    await copyInto([foreign]);
    await write('cronJob-a', sampleEvents(2));
    await published(start());
    expect(idsIn(EVENTS_TOPIC).filter(Boolean)).toHaveLength(2);
    expect(logged.map(({ level }) => level)).toContain('warn');
  });

  it('sends nothing of another log, or of an older copy, until someone has decided', async () => {
    await write('cronJob-a', sampleEvents(5));
    await published(start());
    await stopAll();
    const other = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
    await append(other, 'cronJob-a', 0, sampleEvents(4));
    const publisher = start(other);
    await eventually('it has looked', () => logged.some(({ level }) => level === 'error'));
    await append(other, 'cronJob-a', 4, sampleEvents(4));
    await eventually('it has looked again', () => logged.length > 5);
    expect(publisher.problem()).toMatch(/another log, or an older copy/);
    expect(idsIn(EVENTS_TOPIC)).toHaveLength(5);
    await stopAll();
    await other.close();
  });
});

it('misses, repeats and disorders nothing, whatever sends fail and whenever it is started again', async () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ job: fc.nat(4), count: fc.integer({ min: 1, max: 9 }) }),
      fc.constantFrom<SendFault>('lost', 'written but not acknowledged', 'partly written'),
      fc.constant('restart' as const),
      fc.constant('tails fail' as const),
    ),
    { minLength: 1, maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      await log.close();
      await open();
      let publisher = start();
      for (const step of script) {
        if (typeof step === 'object') {
          await write(`cronJob-${step.job}`, [...sampleEvents(step.count), runStarted(step.job)]);
        } else if (step === 'restart') {
          await stopAll();
          publisher = start();
        } else if (step === 'tails fail') brokers.failNextTails();
        else brokers.failNextSend(step);
      }
      await write('cronJob-last', sampleEvents(1));
      await published(publisher);
      await stopAll();
      await expectComplete();
    }),
    { numRuns: 60 },
  );
});
