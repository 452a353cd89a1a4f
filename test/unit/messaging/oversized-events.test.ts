import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { createEventPublisher } from '../../../src/messaging/event-publisher.js';
import { EVENTS_TOPIC, RUNS_TOPIC, topics } from '../../../src/messaging/topics.js';
import type { EventLog, NewEvent } from '../../../src/ports/event-log.js';
import { createMemoryBrokers, type MemoryBrokers } from '../../stand-ins/memory-bus/memory-bus.js';
import { createCollectingLogger, type LogLine } from '../../support/collecting-logger.js';
import { eventually } from '../../support/eventually.js';
import { append, sampleEvent } from '../../support/sample-events.js';
import { ALL_WANTED, NO_JOBS } from './publisher-world.js';

/** Sleeps of the publisher are its back-off: a test does not wait for them. */
const clock = { ...systemClock, sleep: () => systemClock.yield() };
const LARGE = 'ä'.repeat(1_100_000);

let log: EventLog;

beforeEach(() => {
  log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
});
afterEach(() => log.close());

/** Publishes the log until its end is in the topic. */
async function publishAll(brokers: MemoryBrokers, count: number): Promise<LogLine[]> {
  const logger = createCollectingLogger();
  const stop = new AbortController();
  const publisher = createEventPublisher({
    log,
    bus: brokers.openBus(),
    clock,
    logger,
    states: NO_JOBS,
    wanted: ALL_WANTED,
  });
  const ended = publisher.run(stop.signal, () => undefined);
  await eventually('all', () => new Set(idsIn(brokers)).size === count);
  stop.abort();
  await ended;
  return logger.lines;
}

const idsIn = (brokers: MemoryBrokers): unknown[] =>
  brokers.messagesOf(EVENTS_TOPIC).map(({ headers }) => headers.ce_id);

const started = (more: object): NewEvent => ({
  ...sampleEvent({ cron_id: 'cron-a', run_id: 'run-1', ...more }),
  type: 'RunStarted',
});
const caused = (by: object): NewEvent => {
  const event = started({});
  return { ...event, metadata: { ...event.metadata, ...by } };
};

describe('an event that no topic takes', () => {
  it.each<[string, NewEvent]>([
    ['its data', started({ error: { message: LARGE } })],
    [
      'a list in its data',
      started({ list: Array.from({ length: 100_000 }, (_, at) => ({ at, text: 'text' })) }),
    ],
    ['a name in its data', started({ [LARGE]: 1 })],
    [
      'many fields',
      started(Object.fromEntries(Array.from({ length: 90_000 }, (_, at) => [`field${at}`, at]))),
    ],
    ['depth', started({ deep: JSON.parse(`${'['.repeat(3_000)}"${LARGE}"${']'.repeat(3_000)}`) })],
    ['its cause', caused({ causation_id: LARGE })],
    ['its correlation', caused({ correlation_id: LARGE })],
    ['who did it', caused({ actor: LARGE })],
    ['more than a broker reads at once', started({ text: LARGE.repeat(9) })],
  ])('is published cut, in its place, with the reason told: %s', async (_, oversized) => {
    for (const maxMessageBytes of [1_048_576, 5_000]) {
      const brokers = createMemoryBrokers({ clock: systemClock, maxMessageBytes });
      await brokers.openBus().createTopics(topics);
      const already =
        (await log.readStream('cronJob-a', { direction: 'backwards', limit: 1 }))[0]?.version ?? 0;
      const id = systemIds.uuid();
      if (already === 0)
        await append(log, 'cronJob-a', 0, [sampleEvent(), { ...oversized, id }, sampleEvent()]);
      const lines = await publishAll(brokers, 3);
      const events = await log.readStream('cronJob-a', { direction: 'forwards', limit: 9 });
      const messages = brokers.messagesOf(EVENTS_TOPIC);
      expect(messages.map(({ headers }) => headers.ce_id)).toEqual(events.map((event) => event.id));
      expect(messages.map(({ headers }) => headers.ce_truncated)).toEqual([undefined, 'true', undefined]);
      expect(new Set(messages.map(({ key }) => key)).size).toBe(1);
      const [run] = brokers.messagesOf(RUNS_TOPIC);
      expect(run).toMatchObject({ key: 'run-1', headers: { ce_truncated: 'true' } });
      expect(JSON.parse(Buffer.from(run?.value ?? []).toString())).toMatchObject({
        cron_id: 'cron-a',
        run_id: 'run-1',
      });
      const told = lines.filter(({ message }) => message === 'event too large for its topics; published cut');
      expect(told).toMatchObject([{ level: 'error', fields: { id: events[1]?.id } }]);
    }
  });

  it('is whole where the topics take it', async () => {
    const brokers = createMemoryBrokers({ clock: systemClock, maxMessageBytes: 5_000_000 });
    await brokers.openBus().createTopics(topics);
    await append(log, 'cronJob-a', 0, [started({ text: LARGE })]);
    expect((await publishAll(brokers, 1)).filter(({ level }) => level === 'error')).toEqual([]);
    const [message] = brokers.messagesOf(EVENTS_TOPIC);
    expect(message?.headers.ce_truncated).toBeUndefined();
    expect(JSON.parse(Buffer.from(message?.value ?? []).toString())).toMatchObject({ text: LARGE });
  });

  it('may come many times, among others', async () => {
    const brokers = createMemoryBrokers({ clock: systemClock });
    await brokers.openBus().createTopics(topics);
    const events = Array.from({ length: 300 }, (_, at) =>
      at % 50 === 7 ? started({ text: LARGE }) : sampleEvent(),
    );
    await append(log, 'cronJob-a', 0, events);
    await publishAll(brokers, events.length);
    const stored = await log.readStream('cronJob-a', { direction: 'forwards', limit: 400 });
    expect(idsIn(brokers)).toEqual(stored.map(({ id }) => id));
  });
});
