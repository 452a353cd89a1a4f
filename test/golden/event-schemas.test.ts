import { describe, expect, it } from '@jest/globals';
import { eventSchemas, schemaUrn } from '../../src/events/event-schemas.js';
import { eventDefinitions, type EventType } from '../../src/events/parse-event.js';
import { cutData } from '../../src/messaging/cut-data.js';
import { toMessages } from '../../src/messaging/to-messages.js';
import type { RecordedEvent } from '../../src/ports/event-log.js';
import { readGoldenStreams } from './golden.js';
import { faultsOf } from './schema-faults.js';

interface Written {
  type: EventType;
  version: number;
  data: Record<string, unknown>;
}

/** Events as they stand in users' logs, of every version that ever was. */
const written: Written[] = [...readGoldenStreams().values()].flatMap(({ events }) =>
  events.map(({ type, data, schema_version: version = 1 }) => ({
    type: type as EventType,
    version,
    data: data as Record<string, unknown>,
  })),
);
const nameOf = ({ type, version }: Pick<Written, 'type' | 'version'>): string => `${type}.${version}`;
const eventsNamed = (name: string): Written[] => written.filter((event) => nameOf(event) === name);

describe('the schema of each version', () => {
  it.each(eventSchemas.map((one) => [nameOf(one), one.urn] as const))('takes its events: %s', (name, urn) => {
    const events = eventsNamed(name);
    expect(events.length).toBeGreaterThan(0);
    for (const { data } of events) expect(faultsOf(urn, data)).toEqual([]);
  });

  it.each(eventSchemas.map((one) => [nameOf(one), one.urn] as const))(
    'refuses one that lacks a field, or whose field is of another kind, and takes one with a new field: %s',
    (name, urn) => {
      const data = eventsNamed(name)[0]?.data ?? {};
      for (const field of Object.keys(data)) {
        const others = Object.fromEntries(Object.entries(data).filter(([name]) => name !== field));
        expect(faultsOf(urn, others)).toEqual([expect.stringContaining(field)]);
        expect(faultsOf(urn, { ...data, [field]: [{}] })).not.toEqual([]);
      }
      expect(faultsOf(urn, { ...data, added_later: 1 })).toEqual([]);
    },
  );

  it('takes what becomes of an event of the version before', () => {
    let steps = 0;
    for (const { type, version, data } of written) {
      let older: unknown = data;
      for (const [index, { toNext }] of eventDefinitions[type].earlier.entries()) {
        if (index + 1 < version) continue;
        older = toNext(older);
        expect(faultsOf(String(schemaUrn(type, index + 2)), older)).toEqual([]);
        steps += 1;
      }
    }
    expect(steps).toBeGreaterThan(20);
  });
});

describe('each message that is published', () => {
  it('names the schema that its value fits', () => {
    const topics = new Set<string>();
    for (const event of written)
      for (const { topic, headers, value } of toMessages(recorded(event), { batchAfter: '' })) {
        topics.add(topic);
        const { ce_dataschema, ce_schemaversion } = headers;
        expect(ce_dataschema).toBe(`urn:certification-cron:event:${event.type}:${String(ce_schemaversion)}`);
        expect(faultsOf(String(ce_dataschema), JSON.parse(String(value)))).toEqual([]);
      }
    expect(topics.size).toBe(3);
  });

  it('names none where it is cut, since it need not fit any more', () => {
    const event = recorded({ type: 'RunStarted', version: 3, data: { run_id: 'x'.repeat(2_000) } });
    expect(cutData(event.data, 'cut')).not.toEqual(event.data);
    for (const form of ['cut', 'bare'] as const)
      for (const { headers } of toMessages(event, { batchAfter: '', form })) {
        expect(headers).toMatchObject({ ce_truncated: 'true' });
        expect(headers).not.toHaveProperty('ce_dataschema');
      }
  });

  it.each([
    ['a type of a later release', 'SomethingNew', 1],
    ['a name of JavaScript', 'toString', 1],
    ['a later version', 'RunStarted', 99],
    ['no version', 'RunStarted', 0],
    ['half a version', 'RunStarted', 1.5],
  ])('names none that this release does not have: %s', (_, type, version) => {
    const [message] = toMessages(recorded({ type: type as EventType, version, data: {} }), {
      batchAfter: '',
    });
    expect(message?.headers).not.toHaveProperty('ce_dataschema');
  });
});

function recorded({ type, version, data }: Written): RecordedEvent {
  const reminder = type === 'ReminderRequested';
  return {
    id: 'a-golden-event',
    type,
    stream: reminder ? 'certificationReminder-1' : 'cronJob-cron-1',
    version: 1,
    position: '1',
    recorded_at: '2026-03-26T10:00:00.000Z',
    data,
    metadata: { actor: 'golden', correlation_id: '1', causation_id: null, schema_version: version },
  };
}
