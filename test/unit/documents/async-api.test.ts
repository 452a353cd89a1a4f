import asyncApiSpecs from '@asyncapi/specs';
import { Ajv, type AnySchema } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from '@jest/globals';
import { jobStateSchema, type JobState } from '../../../src/answers/job-state.js';
import { takeSteps } from '../../golden/documents.js';
import { asyncApiDocument } from '../../../src/documents/async-api.js';
import { exampleState } from '../../../src/documents/example-state.js';
import { schemaVersionOf, type EventType } from '../../../src/events/parse-event.js';
import { jobEvents } from '../../../src/events/job-events.js';
import { reminderEvents } from '../../../src/events/reminder-events.js';
import { recordSchema } from '../../../src/messaging/certification-feed.js';
import type { EventForm } from '../../../src/messaging/cut-data.js';
import { readMessage } from '../../../src/messaging/read-message.js';
import { runSchema } from '../../../src/messaging/requested-runs.js';
import { readCheckpoint } from '../../../src/messaging/publisher-checkpoint.js';
import { runResultSchema } from '../../../src/messaging/run-results.js';
import { toDeadLetter } from '../../../src/messaging/to-dead-letter.js';
import { toMessages, toStateMessage } from '../../../src/messaging/to-messages.js';
import { topics } from '../../../src/messaging/topics.js';
import type { IncomingMessage } from '../../../src/ports/message-bus.js';

const document = takeSteps(asyncApiDocument({ version: '1.2.3', topicPrefix: '' })) as any;
const types = Object.keys({ ...jobEvents, ...reminderEvents }) as EventType[];

const ajv = new Ajv({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'document', ...document } as AnySchema);

/** What is wrong with a value by a part of the document, such as `channels.events.messages.Truncated.headers`. */
function faultsAt(path: readonly string[], value: unknown): string[] {
  const pointer = path.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
  const validate = ajv.compile({ $ref: `document#/${pointer}` });
  return validate(value) ? [] : (validate.errors ?? []).map((error) => JSON.stringify(error));
}

interface Example {
  channel: string;
  message: string;
  name: string;
  headers: Record<string, string> | undefined;
  payload: unknown;
}

const examples: Example[] = Object.entries<any>(document.channels).flatMap(([channel, { messages }]) =>
  Object.entries<any>(messages).flatMap(([message, { examples = [] }]) =>
    examples.map((example: any) => ({ channel, message, ...example })),
  ),
);

describe('the document of the topics', () => {
  it('is one of AsyncAPI 3.0, by its own schema', () => {
    const validator = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const validate = validator.compile(asyncApiSpecs.schemasWithoutId['3.0.0'] as AnySchema);
    expect(validate(document) ? [] : validate.errors).toEqual([]);
    // It does look.
    expect(validate({ ...document, operations: { one: { action: 'read' } } })).toBe(false);
    expect(validate({ ...document, channels: { events: { adress: 'certification-cron.events' } } })).toBe(
      false,
    );
  });

  it('refers to nothing that is not in it', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(50);
    for (const [, pointer = ''] of references)
      expect(pointer.split('/').reduce((within, key) => within?.[key], document)).toBeDefined();
  });

  it('has a channel for each topic, made as the service makes it', () => {
    const channels = Object.values<any>(document.channels);
    expect(channels.map(({ address }) => address).sort()).toEqual(topics.map(({ name }) => name).sort());
    for (const { address, bindings } of channels) {
      const topic = topics.find(({ name }) => name === address);
      const { partitions, topicConfiguration } = bindings.kafka;
      expect(partitions).toBe(topic?.partitions);
      const settings = Object.entries<any>(topicConfiguration).map(([name, value]) => [name, String(value)]);
      expect(Object.fromEntries(settings)).toEqual(topic?.settings);
    }
  });

  it('says what is done with each channel', () => {
    const used = Object.values<any>(document.operations).map(({ channel }) => channel.$ref.split('/').at(-1));
    expect([...new Set(used)].sort()).toEqual(Object.keys(document.channels).sort());
  });

  it('has topics and groups with the prefix of the environment', () => {
    const { channels, operations } = takeSteps(
      asyncApiDocument({ version: '1', topicPrefix: 'test.' }),
    ) as any;
    expect(channels.certifications.address).toBe('test.certifications');
    expect(channels.events.bindings.kafka.topic).toBe('test.certification-cron.events');
    expect(operations.performRuns.bindings.kafka.groupId.const).toBe('test.certification-cron.workers');
  });
});

describe('the examples of what is published', () => {
  it.each(
    examples.map((example) => [`${example.channel} ${example.message} ${example.name}`, example] as const),
  )('fit their schemas: %s', (_, { channel, message, headers, payload }) => {
    const at = ['channels', channel, 'messages', message];
    expect(faultsAt([...at, 'payload'], payload)).toEqual([]);
    if (headers !== undefined && 'headers' in document.channels[channel].messages[message])
      expect(faultsAt([...at, 'headers'], headers)).toEqual([]);
  });

  it.each(types)('are there, in the version of today: %s', (type) => {
    const name = `${type}.${schemaVersionOf(type)}`;
    const [found] = examples.filter(({ channel, message }) => channel === 'events' && message === name);
    expect(found?.headers).toMatchObject({ ce_type: `certification-cron.${type}` });
  });

  it('are there, of a job as it is and of one that is gone', () => {
    const ofJobs = examples.filter(({ channel }) => channel === 'jobs');
    expect(ofJobs.map(({ name, payload }) => [name, payload])).toEqual([
      [jobStateSchema.type, exampleState],
      ['tombstone', null],
    ]);
  });

  it('do not fit another message', () => {
    const [started] = examples.filter(({ name }) => name === 'RunStarted');
    const other = ['channels', 'events', 'messages', 'RunCompleted.3'];
    expect(faultsAt([...other, 'payload'], started?.payload)).not.toEqual([]);
    expect(faultsAt([...other, 'headers'], started?.headers)).not.toEqual([]);
  });
});

describe('the headers of what is published', () => {
  const documented = Object.keys(document.components.schemas.EventHeaders.properties);
  const event = {
    id: 'event-1',
    type: 'RunStarted',
    stream: 'cronJob-cron-1',
    version: 1,
    position: '1',
    recorded_at: '2026-03-26T10:00:00.000Z',
    data: { run_id: 'x'.repeat(3_000) },
    metadata: {
      actor: 'scheduler',
      correlation_id: 'run-1',
      causation_id: 'event-0',
      schema_version: 3,
      term: 1,
      slot_engine_version: 1,
      tzdata_version: '2026a',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    },
  };

  it('are all in the document, and none that is never there', () => {
    const written = (['whole', 'cut'] as const).flatMap((form) =>
      toMessages(event, { batchAfter: '', form, republished: true }).flatMap(({ headers }) =>
        Object.keys(headers),
      ),
    );
    expect([...new Set(written)].sort()).toEqual([...documented].sort());
  });

  it('fit it, also those of an event in part', () => {
    for (const { headers, value } of toMessages(event, { batchAfter: '', form: 'cut' })) {
      const at = ['channels', 'runs', 'messages', 'Truncated'];
      expect(faultsAt([...at, 'headers'], headers)).toEqual([]);
      expect(faultsAt([...at, 'payload'], JSON.parse(String(value)))).toEqual([]);
    }
  });

  it('fit it, those of a job as it is', () => {
    const messages = ['channels', 'jobs', 'messages'];
    const headersOf = (state: JobState | null, form: EventForm): object =>
      toStateMessage(event, state, { batchAfter: '', form }).headers;
    const { type, version, urn } = jobStateSchema;
    const whole = headersOf(exampleState, 'whole');
    expect(whole).toMatchObject({ ce_schemaversion: String(version), ce_dataschema: urn });
    expect(faultsAt([...messages, `${type}.${version}`, 'headers'], whole)).toEqual([]);
    const cut = headersOf(exampleState, 'cut');
    expect(faultsAt([...messages, 'Truncated', 'headers'], cut)).toEqual([]);
    const gone = headersOf(null, 'whole');
    expect(faultsAt([...messages, 'CronJobGone', 'headers'], gone)).toEqual([]);
    for (const headers of [cut, gone]) expect(headers).not.toHaveProperty('ce_dataschema');
  });

  it('fit it, those of a dead letter, whole or cut', () => {
    for (const form of ['whole', 'without value', 'cut'] as const) {
      const letter = toDeadLetter({ message: incoming('results', '{}'), reason: 'why' }, form);
      expect(faultsAt(['components', 'schemas', 'DeadLetterHeaders'], letter.headers)).toEqual([]);
      const known = Object.keys(document.components.schemas.DeadLetterHeaders.properties);
      expect(Object.keys(letter.headers).filter((name) => !known.includes(name))).toEqual([]);
    }
  });
});

describe('the examples of what is taken in', () => {
  const readers: Record<string, (message: IncomingMessage) => unknown> = {
    runs: (message) => readMessage(message, runSchema).payload,
    results: (message) => readMessage(message, runResultSchema).payload,
    certifications: (message) => (message.value === null ? null : readMessage(message, recordSchema).payload),
    publisher: (message) => readCheckpoint(message),
  };
  const taken = examples.filter(({ channel }) => channel in readers);

  it('are there for each topic that is consumed', () => {
    const consumed = Object.values<any>(document.operations).filter(({ action }) => action === 'receive');
    const names = consumed.map(({ channel }) => channel.$ref.split('/').at(-1));
    expect(names.filter((name) => !taken.some(({ channel }) => channel === name))).toEqual([]);
    expect(names.length).toBe(3);
  });

  it.each(taken.map((example) => [`${example.channel} ${example.name}`, example] as const))(
    'are read by what reads the topic: %s',
    (_, { channel, headers, payload }) => {
      const value = payload === null ? null : JSON.stringify(payload);
      const read = readers[channel]?.(incoming(document.channels[channel].address, value, headers));
      expect(read).toBeDefined();
    },
  );

  it.each([
    ['results', 'RunResult', runResultSchema],
    ['certifications', 'Certification', recordSchema],
  ] as const)('lack nothing that could be left out: %s', (channel, message, schema) => {
    for (const { payload } of taken.filter((one) => one.message === message)) {
      for (const field of Object.keys(payload as object)) {
        const others = Object.fromEntries(
          Object.entries(payload as object).filter(([name]) => name !== field),
        );
        const at = ['channels', channel, 'messages', message, 'payload'];
        // The document and the parser agree on what is needed.
        expect({ field, fits: faultsAt(at, others).length === 0 }).toEqual({
          field,
          fits: schema.safeParse(others).success,
        });
      }
    }
  });
});

function incoming(topic: string, value: string | null, headers = {}): IncomingMessage {
  return {
    topic,
    partition: 0,
    offset: '0',
    key: 'key-1',
    headers,
    value: value === null ? null : Buffer.from(value),
  };
}
