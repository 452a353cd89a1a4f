import { afterEach, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openSqliteEventLog } from '../../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { systemIds } from '../../../src/adapters/system/ids.js';
import { cronIdOf } from '../../../src/events/stream-names.js';
import { createJobFold } from '../../../src/fold/job-fold.js';
import { jobState } from '../../../src/http/job-bodies.js';
import { createEventPublisher } from '../../../src/messaging/event-publisher.js';
import type { StillWanted } from '../../../src/messaging/republishing.js';
import {
  CHECKPOINT_TOPIC,
  EVENTS_TOPIC,
  JOBS_TOPIC,
  REMINDERS_TOPIC,
  RUNS_TOPIC,
  topics,
} from '../../../src/messaging/topics.js';
import type { EventLog, NewEvent, RecordedEvent } from '../../../src/ports/event-log.js';
import type { MessageBus, OutgoingMessage } from '../../../src/ports/message-bus.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { createMemoryBrokers, type MemoryBrokers } from '../../stand-ins/memory-bus/memory-bus.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { eventually } from '../../support/eventually.js';
import { readWholeLog } from '../../support/read-whole-log.js';
import { append, sampleEvent } from '../../support/sample-events.js';
import { jobEvent } from './job-events-of-a-log.js';
import { historyOf, NOW, statesOf } from './publisher-world.js';

const JOBS = ['cron-a', 'cron-b', 'cron-c', 'cron-d'];
const clock = { ...systemClock, sleep: () => systemClock.yield() };

/** What happens to a job, or to the reminders of a certification, next. */
const step = fc.record({
  what: fc.constantFrom('start', 'start', 'complete', 'complete', 'rename', 'delete', 'remind', 'remind'),
  job: fc.constantFrom(...JOBS),
  isDue: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** A publisher is killed at its nth call of the bus: before it, in the middle, or after it and before it is told. */
const kill = fc.record({
  atCall: fc.nat(14),
  how: fc.constantFrom('before', 'partly', 'after'),
  meanwhile: fc.array(step, { maxLength: 8 }),
});

let log: EventLog;
afterEach(() => log.close());

class KilledError extends Error {
  override readonly name = 'KilledError';
}

/** Its calls beyond a number never return; it writes nothing any more. */
function killedBus(
  brokers: MemoryBrokers,
  { atCall, how }: { atCall: number; how: string },
  dead: () => void,
) {
  const own = brokers.openBus();
  let calls = 0;
  async function call<T>(work: () => Promise<T>): Promise<T> {
    if (calls++ < atCall) return work();
    if (calls === atCall + 1 && how !== 'before') {
      if (how === 'partly') brokers.failNextSend('partly written');
      await work().catch(() => undefined);
    }
    dead();
    throw new StoreError('store_unavailable', 'killed');
  }
  const bus: MessageBus = {
    ...own,
    createTopics: (wanted) => call(() => own.createTopics(wanted)),
    async openProducer() {
      const producer = await call(() => own.openProducer());
      return {
        ...producer,
        tails: (names) => call(() => producer.tails(names)),
        send: (messages) => call(() => producer.send(messages)),
      };
    },
  };
  return bus;
}

/** No message of a job may come before the event that it reflects. */
function expectBehindEvents(brokers: MemoryBrokers, messages: readonly OutgoingMessage[]): void {
  const there = new Set(brokers.messagesOf(EVENTS_TOPIC).map(({ headers }) => headers.ce_id));
  for (const { topic, headers } of messages)
    if (topic === JOBS_TOPIC && !there.has(headers.ce_id))
      throw new KilledError('a job is ahead of its event');
}

it('ends with everything where it belongs, wherever publishers are killed after Kafka was turned on', async () => {
  let kills = 0;
  let midway = 0;
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 5, maxLength: 60 }),
    fc.array(kill, { minLength: 1, maxLength: 8 }),
    async (before, lives) => {
      log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: ':memory:' });
      const brokers = createMemoryBrokers({ clock: systemClock });
      await brokers.openBus().createTopics(topics);
      const runs = new Map<string, { last: number; open: number[] }>();
      const versions = new Map<string, number>();
      const due = new Set<string>();
      /** Those that were open at some time since publishing began. */
      const wereOpen = new Set<string>();

      async function write(cronId: string, event: NewEvent): Promise<void> {
        const version = versions.get(cronId) ?? 0;
        await append(log, `cronJob-${cronId}`, version, [event]);
        versions.set(cronId, version + 1);
      }
      async function carryOut({ what, job, isDue }: Step): Promise<void> {
        if (!versions.has(job)) await write(job, jobEvent.scheduled(job));
        const known = runs.get(job) ?? { last: 0, open: [] };
        runs.set(job, known);
        if (what === 'start') {
          known.open.push(++known.last);
          await write(job, jobEvent.started(job, known.last));
        }
        const [run] = known.open;
        if (what === 'complete' && run !== undefined) {
          known.open.shift();
          await write(job, jobEvent.completed(job, run));
        }
        if (what === 'rename') await write(job, jobEvent.renamed(job, `name ${String(versions.get(job))}`));
        if (what === 'delete') await write(job, jobEvent.deleted(job));
        if (what !== 'remind') return;
        const reminder = sampleEvent({ cron_id: job, mentor_id: `mentor of ${job}` });
        if (isDue) due.add(reminder.id);
        await append(log, `certificationReminder-${reminder.id}`, 0, [
          { ...reminder, type: 'ReminderRequested' },
        ]);
      }

      async function live(life: { atCall: number; how: string } | undefined): Promise<void> {
        const fold = createJobFold(log);
        fold.apply(await readWholeLog(log));
        for (const { job } of fold.all()) for (const { run_id } of job.open_runs) wereOpen.add(run_id);
        const isOpen = ({ data, stream }: RecordedEvent): boolean =>
          fold.get(cronIdOf(stream))?.job.open_runs.some(({ run_id }) => run_id === data.run_id) ?? false;
        const wanted: StillWanted = {
          whenKnown: () => Promise.resolve(),
          isOpen,
          stillDue: (events) => Promise.resolve(new Set(events.filter(({ id }) => due.has(id)))),
        };
        const stop = new AbortController();
        const dead = (): void => stop.abort();
        const reach = life === undefined ? brokers.openBus() : killedBus(brokers, life, dead);
        const bus: MessageBus = {
          ...reach,
          async openProducer() {
            const producer = await reach.openProducer();
            return {
              ...producer,
              send(messages) {
                expectBehindEvents(brokers, messages);
                return producer.send(messages);
              },
            };
          },
        };
        const logger = createCollectingLogger();
        const publisher = createEventPublisher({ log, bus, clock, logger, states: statesOf(log), wanted });
        const ended = publisher.run(stop.signal, () => undefined);
        const head = await log.head();
        await eventually('it is through or dead', () => {
          if (stop.signal.aborted) return true;
          return checkpoints().at(-1)?.jobs_up_to === head;
        });
        if (stop.signal.aborted) {
          kills++;
          if (messages(EVENTS_TOPIC).length > 0) midway++;
        }
        stop.abort();
        await ended;
        const errors = logger.lines.filter(({ level }) => level === 'error');
        expect(errors).toEqual([]);
      }
      const messages = (topic: string) => brokers.messagesOf(topic);
      const checkpoints = () =>
        messages(CHECKPOINT_TOPIC).map(
          ({ value }) =>
            JSON.parse(Buffer.from(value ?? []).toString()) as {
              jobs_up_to: string;
              republished_up_to: string;
            },
        );

      for (const one of before) await carryOut(one);
      for (const { meanwhile, ...life } of lives) {
        await live(life);
        for (const one of meanwhile) await carryOut(one);
      }
      await live(undefined);

      const events = await readWholeLog(log);
      const [begun, ...others] = new Set(checkpoints().map(({ republished_up_to }) => republished_up_to));
      if (begun === undefined) throw new Error('nothing has begun');
      expect(others).toEqual([]);
      const idsIn = (topic: string) => new Set(messages(topic).map(({ headers }) => String(headers.ce_id)));
      expect([...idsIn(EVENTS_TOPIC)].sort()).toEqual(events.map(({ id }) => id).sort());
      const positionOf = new Map(events.map(({ id, position }) => [id, position]));
      for (const topic of [EVENTS_TOPIC, RUNS_TOPIC, REMINDERS_TOPIC]) {
        const newest = new Map<number, string>();
        for (const { partition, headers } of messages(topic)) {
          const position = positionOf.get(String(headers.ce_id)) ?? '';
          // A repeat is no newer than what has come before.
          expect(headers.ce_republished).toBe(position <= begun ? 'true' : undefined);
          if (position > (newest.get(partition) ?? '')) newest.set(partition, position);
          else expect(position).toBe(newest.get(partition));
        }
      }
      const wantedReminders = events.filter(
        ({ id, type, position }) => type === 'ReminderRequested' && (due.has(id) || position > begun),
      );
      expect([...idsIn(REMINDERS_TOPIC)].sort()).toEqual(wantedReminders.map(({ id }) => id).sort());
      const open = new Set(
        [...runs].flatMap(([job, known]) => known.open.map((run) => jobEvent.started(job, run).data.run_id)),
      );
      for (const { id, type, position, data } of events.filter((event) => event.type === 'RunStarted')) {
        const isThere = idsIn(RUNS_TOPIC).has(id);
        if (position > begun || open.has(data.run_id)) expect([type, isThere]).toEqual([type, true]);
        else if (!wereOpen.has(String(data.run_id))) expect([type, isThere]).toEqual([type, false]);
      }
      const history = historyOf(log);
      for (const [job, version] of versions) {
        const document = await history.stateAt(job, version);
        const ofJob = messages(JOBS_TOPIC).filter(({ key }) => key === job);
        const told = ofJob.at(-1);
        expect(told?.headers.ce_streamversion).toBe(String(version));
        const state =
          told?.value === null ? null : (JSON.parse(Buffer.from(told?.value ?? []).toString()) as object);
        const expected =
          document?.deleted_at === null
            ? { ...jobState(document, NOW, { allowSeconds: true }), version }
            : null;
        expect(state).toEqual(expected);
        const told_versions = ofJob.map(({ headers }) => Number(headers.ce_streamversion));
        expect(told_versions).toEqual([...told_versions].sort((one, other) => one - other));
      }
      await log.close();
    },
  );
  await fc.assert(property, { numRuns: 60 });
  expect(kills).toBeGreaterThan(60);
  expect(midway).toBeGreaterThan(20);
}, 120_000);
