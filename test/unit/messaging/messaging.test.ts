import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { createMessaging, type Messaging } from '../../../src/messaging/messaging.js';
import { EVENTS_TOPIC, topics } from '../../../src/messaging/topics.js';
import type { EventLog } from '../../../src/ports/event-log.js';
import type { MessageBus } from '../../../src/ports/message-bus.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { eventually } from '../../support/eventually.js';
import { createMemoryBrokers, type MemoryBrokers } from '../../stand-ins/memory-bus/memory-bus.js';
import { append, sampleEvents } from '../../support/sample-events.js';
import { ALL_WANTED, NO_JOBS } from './publisher-world.js';

const REFUSED = new StoreError('store_refused', 'no right to describe a topic');
/** Pauses between attempts: a test does not wait for them. */
const clock = { ...systemClock, sleep: () => systemClock.yield() };

let log: EventLog;
let brokers: MemoryBrokers;
/** The topics that must not even be looked at. */
let refused: (name: string) => boolean;
let messaging: Messaging;
let stop: AbortController;
let running: Promise<void>[];

beforeEach(async () => {
  log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
  brokers = createMemoryBrokers({ clock: systemClock });
  refused = () => false;
  const own = brokers.openBus();
  await own.createTopics(topics);
  const bus: MessageBus = {
    ...own,
    async createTopics(wanted) {
      if (wanted.some(({ name }) => refused(name))) throw REFUSED;
      await own.createTopics(wanted);
    },
  };
  const logger = createCollectingLogger();
  const unused = {} as never;
  const dependencies = { bus, log, clock, logger, registry: unused, commands: unused, performRun: unused };
  const publishing = { states: NO_JOBS, wanted: ALL_WANTED };
  messaging = createMessaging({ ...dependencies, ...publishing, executor: 'builtin' });
  stop = new AbortController();
  running = [];
});

afterEach(async () => {
  stop.abort();
  await Promise.all(running);
  await log.close();
});

const isWell = (): Promise<boolean> =>
  messaging.check().then(
    () => true,
    () => false,
  );

describe('a message bus with a topic that cannot be used', () => {
  it('is not well for one that publishes, who lags, and goes on when it can be used', async () => {
    refused = (name) => name === EVENTS_TOPIC;
    await append(log, 'cronJob-a', 0, sampleEvents(3));
    running.push(messaging.publish(stop.signal, () => undefined));
    await eventually('it has tried', () => messaging.publisher.caughtUpAt() !== undefined);
    await eventually('it is not well', async () => !(await isWell()));
    await expect(messaging.check()).rejects.toThrow(/no right|not begun/);
    expect(brokers.messagesOf(EVENTS_TOPIC)).toEqual([]);
    refused = () => false;
    await eventually('all is published', () => brokers.messagesOf(EVENTS_TOPIC).length === 3);
    await eventually('it is well', isWell);
  });

  it('does not keep events from being published when it is none of theirs', async () => {
    refused = (name) => name === 'certifications';
    await append(log, 'cronJob-a', 0, sampleEvents(3));
    running.push(messaging.publish(stop.signal, () => undefined));
    await eventually('all is published', () => brokers.messagesOf(EVENTS_TOPIC).length === 3);
  });

  it('is not well for one that consumes, until it can be used', async () => {
    refused = (name) => name === 'certifications';
    running.push(messaging.consume(stop.signal));
    await eventually('it is not well', async () => !(await isWell()));
    await expect(messaging.check()).rejects.toThrow('no right to describe a topic');
    refused = () => false;
    await eventually('it is well', isWell);
  });
});
