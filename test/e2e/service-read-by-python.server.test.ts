import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { exampleState } from '../../src/documents/example-state.js';
import { jobEvents } from '../../src/events/job-events.js';
import { reminderEvents } from '../../src/events/reminder-events.js';
import type { EventForm } from '../../src/messaging/cut-data.js';
import { toMessages, toStateMessage } from '../../src/messaging/to-messages.js';
import {
  CERTIFICATIONS_TOPIC,
  CHECKPOINT_TOPIC,
  DEAD_LETTERS_TOPIC,
  EVENTS_TOPIC,
  JOBS_TOPIC,
  REMINDERS_TOPIC,
  RESULTS_TOPIC,
  RUNS_TOPIC,
  topics,
} from '../../src/messaging/topics.js';
import type { RecordedEvent } from '../../src/ports/event-log.js';
import { readGoldenStreams, type GoldenEvent } from '../golden/golden.js';
import { openKafkaTestBus } from '../servers/kafka-test-bus.js';
import { runPython } from '../servers/run-python.js';
import { describeWithPython } from '../servers/with-python.js';
import { describeWithServer } from '../servers/with-server.js';
import { eventually } from '../support/eventually.js';
import { readWholeLog } from '../support/read-whole-log.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runToEnd } from './run-to-end.js';
import { startService, type ServiceProcess } from './service-process.js';

/** A topic that is added is read like the others, unless it is named here. */
const NO_EVENTS_OF_THE_SERVICE = new Map([
  [CHECKPOINT_TOPIC, 'the publisher writes it for itself'],
  [RESULTS_TOPIC, 'written by others'],
  [CERTIFICATIONS_TOPIC, 'written by others'],
  [DEAD_LETTERS_TOPIC, 'messages as they came, and they came because nobody understands them'],
]);
const PUBLISHED = topics.map(({ name }) => name).filter((name) => !NO_EVENTS_OF_THE_SERVICE.has(name));

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
/** Where a header, JSON or a text in UTF-8 could go wrong. */
const STRANGE = 'Prüfung "nachts" \\ % = ; 守 🦉 \u2028';

interface Report {
  messages: number;
  tombstones: number;
  repeated: number;
  types: Record<string, number>;
  faults: string[];
}

describeWithServer('kafka', 'the messages of the service', (brokers) => {
  describeWithPython('read by confluent-kafka and cloudevents', (python) => {
    const services: ServiceProcess[] = [];
    afterEach(async () => {
      for (const service of services.splice(0)) await service.end('SIGTERM');
    });

    /** By topic, without the prefix. @param options of the reader */
    function read(prefix: string, names: readonly string[], options: readonly string[] = []) {
      const args = ['examples/read-topics/read_topics.py', '--brokers', brokers, '--json', ...options];
      const { status, stdout, stderr } = runPython(python, [...args, ...names.map((name) => prefix + name)]);
      if (stdout === '') return { status, stderr, reports: new Map<string, Report>() };
      const reports = Object.entries(JSON.parse(stdout) as Record<string, Report>);
      return {
        status,
        stderr,
        reports: new Map(reports.map(([name, of]) => [name.slice(prefix.length), of])),
      };
    }

    it('are CloudEvents without a fault, in every topic that the service publishes', async () => {
      const prefix = `python-${randomUUID()}.`;
      const dataDir = temporaryFolder();
      const env = { DATA_DIR: dataDir, KAFKA_BROKERS: brokers, KAFKA_TOPIC_PREFIX: prefix };
      const file = join(dataDir, 'certifications.csv');
      writeFileSync(
        file,
        `certification_id,mentor_id,expires_in_days,type\nc-ü,m-守,7,type 🦉\nc-2,m-2,1,\n`,
      );
      expect(runToEnd('dist/cli/cli.js', env, ['import', file])).toMatchObject({ status: 0 });
      const service = await startService(env);
      services.push(service);
      const send = async (path: string, method: string, body?: object): Promise<any> => {
        const headers = { 'content-type': 'application/json', traceparent: TRACE };
        const response = await fetch(service.api + path, {
          method,
          headers,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        expect({ path, method, ok: response.ok }).toEqual({ path, method, ok: true });
        return response.json();
      };

      const { id } = await send('', 'POST', {
        name: STRANGE,
        cron_expression: '0 2 1 1 *',
        description: STRANGE,
      });
      for (const dry_run of [true, false]) {
        const { run_id } = await send(`/${id}/execute`, 'POST', { dry_run });
        await eventually('the run has ended', async () => {
          const response = await fetch(`${service.api}/${id}/runs/${run_id}`);
          return ((await response.json()) as { status: string }).status === 'success';
        });
      }
      await send(`/${id}`, 'PUT', { enabled: false, reason: STRANGE });
      await send(`/${id}?reason=${encodeURIComponent(STRANGE)}`, 'DELETE');
      await send(`/${id}/restore`, 'POST', { reason: STRANGE });

      const log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: join(dataDir, 'log.db') });
      const events = (await readWholeLog(log)).filter(({ stream }) => !stream.startsWith('leader'));
      await log.close();
      const { status, stderr, reports } = await eventually('all is published, in every topic', () => {
        const found = read(prefix, PUBLISHED);
        const countIn = (name: string): number => found.reports.get(name)?.messages ?? 0;
        return (
          countIn(EVENTS_TOPIC) >= events.length && PUBLISHED.every((name) => countIn(name) > 0) && found
        );
      });
      for (const name of PUBLISHED) {
        expect({ name, faults: reports.get(name)?.faults }).toEqual({ name, faults: [] });
      }
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(reports.get(EVENTS_TOPIC)).toMatchObject({ messages: events.length, repeated: 0 });
      expect(Object.keys(reports.get(EVENTS_TOPIC)?.types ?? {}).sort()).toEqual(
        [...new Set(events.map(({ type }) => `certification-cron.${type}`))].sort(),
      );
      const validated = read(prefix, PUBLISHED, ['--schemas', 'schemas']);
      expect([...validated.reports.values()].flatMap(({ faults }) => faults)).toEqual([]);
      expect(validated).toMatchObject({ status: 0, stderr: '' });
      const { types = {} } = validated.reports.get(JOBS_TOPIC) ?? {};
      expect(types['certification-cron.CronJobState']).toBeGreaterThan(0);
      expect(reports.get(RUNS_TOPIC)).toMatchObject({ types: { 'certification-cron.RunStarted': 2 } });
      expect(reports.get(REMINDERS_TOPIC)).toMatchObject({
        types: { 'certification-cron.ReminderRequested': 2 },
      });
    }, 60_000);

    it('are the same for every type of event, of any version and in any form', async () => {
      const prefix = `python-${randomUUID()}.`;
      const bus = openKafkaTestBus(brokers, { callMs: 20_000, requestMs: 10_000 });
      const named = topics.filter(({ name }) => PUBLISHED.includes(name));
      await bus.createTopics(named.map((topic) => ({ ...topic, name: prefix + topic.name })));
      const forms: EventForm[] = ['whole', 'cut', 'bare'];
      const events = [...readGoldenStreams().values()].flatMap((stream) => stream.events);
      const messages = events.flatMap((event, at) =>
        forms.flatMap((form) => toMessages(recorded(event, at), { batchAfter: '', form })),
      );
      const producer = await bus.openProducer();
      await producer.send(messages.map((message) => ({ ...message, topic: prefix + message.topic })));
      await producer.close();

      const { status, stderr, reports } = read(prefix, [EVENTS_TOPIC, RUNS_TOPIC, REMINDERS_TOPIC]);
      expect([...reports.values()].flatMap(({ faults }) => faults)).toEqual([]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const types = Object.keys({ ...jobEvents, ...reminderEvents });
      expect(Object.keys(reports.get(EVENTS_TOPIC)?.types ?? {}).sort()).toEqual(
        types.map((type) => `certification-cron.${type}`).sort(),
      );
      expect(reports.get(EVENTS_TOPIC)?.messages).toBe(events.length * forms.length);
    });

    it('would be found out: the reader says what is wrong, and where it could not read', async () => {
      const prefix = `python-${randomUUID()}.`;
      const bus = openKafkaTestBus(brokers, { callMs: 20_000, requestMs: 10_000 });
      await bus.createTopics([{ name: prefix + EVENTS_TOPIC, partitions: 1, settings: {} }]);
      const [message] = toMessages(recorded({ type: 'RunStarted', data: { cron_id: 'cron-1' } }, 1), {
        batchAfter: '',
      });
      if (message === undefined) throw new Error('an event has a message');
      const topic = prefix + EVENTS_TOPIC;
      const anonymous = Object.fromEntries(
        Object.entries(message.headers).filter(([name]) => name !== 'ce_id'),
      );
      const producer = await bus.openProducer();
      await producer.send([
        { ...message, topic },
        { ...message, topic },
        { ...message, topic, value: '{"other":1}' },
        { ...message, topic, headers: anonymous },
        { ...message, topic, value: null, headers: { ...message.headers, ce_id: 'e-2' } },
      ]);
      await producer.close();

      const found = read(prefix, [EVENTS_TOPIC]);
      expect(found.status).toBe(1);
      expect(found.reports.get(EVENTS_TOPIC)).toMatchObject({
        messages: 5,
        repeated: 1,
        tombstones: 1,
        faults: [
          expect.stringMatching(/\/0\/2: id .* is that of another event, too$/),
          expect.stringMatching(/\/0\/3: header ce_id is missing or empty$/),
        ],
      });

      const schemas = temporaryFolder();
      writeFileSync(join(schemas, 'any.json'), '{"$id":"https://example.com/any.json","type":"object"}');
      const strict = read(prefix, [EVENTS_TOPIC], ['--schemas', schemas]);
      expect(strict.status).toBe(1);
      expect(strict.reports.get(EVENTS_TOPIC)?.faults[0]).toMatch(/dataschema .* is not in the folder/);

      await bus.createTopics([{ name: prefix + JOBS_TOPIC, partitions: 1, settings: {} }]);
      const statesAt = { ...recorded({ type: 'RunCompleted', data: {} }, 2), version: exampleState.version };
      const state = toStateMessage(statesAt, exampleState, { batchAfter: '' });
      const other = { ...state, headers: { ...state.headers, ce_id: 'e-3' } };
      const states = await bus.openProducer();
      await states.send([
        { ...state, topic: prefix + JOBS_TOPIC },
        {
          ...other,
          topic: prefix + JOBS_TOPIC,
          value: JSON.stringify({ ...exampleState, status: 'asleep' }),
        },
      ]);
      await states.close();
      const unfit = read(prefix, [JOBS_TOPIC], ['--schemas', 'schemas']);
      expect(unfit.reports.get(JOBS_TOPIC)?.faults).toEqual([
        expect.stringMatching(/\/0\/1: \$\.status does not fit urn:certification-cron:state:CronJobState:1/),
      ]);

      const missing = read(prefix, ['no-topic']);
      expect(missing).toMatchObject({ status: 2, stderr: expect.stringContaining('no-topic') });
    });
  });
});

/** With everything in its metadata that an event may have. */
function recorded({ type, data, schema_version = 1 }: GoldenEvent, at: number): RecordedEvent {
  return {
    id: randomUUID(),
    type,
    stream: type in reminderEvents ? 'certificationReminder-abc' : 'cronJob-cron-1',
    version: at + 1,
    position: String(at).padStart(20, '0'),
    recorded_at: '2026-03-26T10:00:00.123Z',
    data: data as RecordedEvent['data'],
    metadata: {
      actor: `user:${STRANGE}`,
      correlation_id: STRANGE,
      causation_id: STRANGE,
      schema_version,
      term: 7,
      slot_engine_version: 2,
      tzdata_version: '2026a',
      traceparent: TRACE,
    },
  };
}
