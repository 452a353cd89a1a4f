import { Kafka, type CloudEvent } from 'cloudevents';
import { describe, expect, it } from '@jest/globals';
import { NO_REASONS } from '../../../src/events/job-events.js';
import { parseEvent, schemaVersionOf, type JobEvent } from '../../../src/events/parse-event.js';
import { toMessages } from '../../../src/messaging/to-messages.js';
import type { RecordedEvent } from '../../../src/ports/event-log.js';

const AT = '2026-03-26T10:00:00.000Z';
const POSITION = '0000000000000000042';
const recorded = (type: string, data: Record<string, unknown>, stream = 'cronJob-cron-1'): RecordedEvent => ({
  id: '7d3cdd24-2a84-4a6e-9ed5-6f2d6e5a1b0c',
  type,
  stream,
  version: 3,
  position: POSITION,
  recorded_at: '2026-03-26T10:00:00.123Z',
  data,
  metadata: {
    actor: 'scheduler',
    correlation_id: 'run-1',
    causation_id: null,
    schema_version: 1,
  },
});

const STARTED = recorded('RunStarted', { cron_id: 'cron-1', run_id: 'run-1', slot: null });
const REMINDER = recorded(
  'ReminderRequested',
  { cron_id: 'cron-1', run_id: 'run-1', mentor_id: 'mentor-ä' },
  'certificationReminder-abc',
);

describe('the messages of an event', () => {
  it.each([
    ['a run that starts', STARTED, ['certification-cron.events cron-1', 'certification-cron.runs run-1']],
    ['a reminder', REMINDER, ['certification-cron.events cron-1', 'certification-cron.reminders mentor-ä']],
    ['any other', recorded('CronJobDeleted', { cron_id: 'cron-1' }), ['certification-cron.events cron-1']],
    ['one of a later version', recorded('Unknown', {}), ['certification-cron.events cron-1']],
  ])('go where they belong: %s', (_, event, places) => {
    expect(toMessages(event, { batchAfter: '' }).map(({ topic, key }) => `${topic} ${String(key)}`)).toEqual(
      places,
    );
  });

  it.each([STARTED, REMINDER])('are CloudEvents 1.0 to the SDK: $type', (event) => {
    for (const { key, headers, value } of toMessages(event, { batchAfter: '0000000000000000041' })) {
      // The SDK's types know headers and value only loosely.
      const message = { key, headers: { ...headers }, value, body: value, timestamp: '0' } as never;
      expect(Kafka.isEvent(message)).toBe(true);
      const cloudEvent = Kafka.toEvent(message) as CloudEvent<unknown>;
      expect(cloudEvent.validate()).toBe(true);
      expect(cloudEvent).toMatchObject({
        specversion: '1.0',
        id: event.id,
        source: '/certification-cron',
        type: `certification-cron.${event.type}`,
        subject: event.stream,
        time: event.recorded_at,
        datacontenttype: 'application/json',
        streamversion: '3',
        logposition: POSITION,
        batchafter: '0000000000000000041',
        schemaversion: '1',
        actor: 'scheduler',
        correlationid: 'run-1',
      });
      expect(cloudEvent.data).toEqual(event.data);
    }
  });

  it('say in which trace, by which term, rule and data an event was decided, as far as it says so', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const decided = { term: 7, slot_engine_version: 2, tzdata_version: '2026a', traceparent };
    const [message] = toMessages(
      { ...STARTED, metadata: { ...STARTED.metadata, ...decided } },
      { batchAfter: '' },
    );
    expect(message?.headers).toMatchObject({
      traceparent,
      ce_traceparent: traceparent,
      ce_term: '7',
      ce_slotengineversion: '2',
      ce_tzdataversion: '2026a',
    });
    const [other] = toMessages(STARTED, { batchAfter: '' });
    const added = Object.keys(message?.headers ?? {}).filter((name) => !(name in (other?.headers ?? {})));
    expect(added).toHaveLength(5);
    expect(added.filter((name) => !/^(traceparent|ce_[a-z0-9]{1,20})$/.test(name))).toEqual([]);
  });

  it.each<[JobEvent['type'] | 'ReminderRequested', Record<string, unknown>]>([
    [
      'RunStarted',
      {
        cron_id: 'cron-1',
        run_id: 'run-1',
        run_no: 1,
        trigger: 'manual',
        slot: null,
        after: null,
        started_at: AT,
        late_by_ms: null,
        dry_run: false,
        timeout_seconds: 3_600,
        rules: {
          time_zone: 'UTC',
          reminder_thresholds: [30, 7, 0, -5],
          select: { types: ['first-aid'], labels: null },
          max_reminders: null,
          confirm_reminders: 5_000,
        },
        reason: 'asked by a mentor',
      },
    ],
    [
      'RunCompleted',
      {
        cron_id: 'cron-1',
        run_id: 'run-1',
        status: 'success',
        error: null,
        completed_at: AT,
        result: {
          mentors_checked: 1,
          reminders_sent: 0,
          errors: 0,
          records_checked: 9,
          reasons: Object.fromEntries(NO_REASONS.map((reason) => [reason, 1])),
          warnings: [{ code: 'registry_shrank', records: 9, before: 90 }],
        },
      },
    ],
    [
      'RunCompleted',
      {
        cron_id: 'cron-1',
        run_id: 'run-1',
        status: 'failed',
        result: null,
        completed_at: AT,
        error: { code: 'too_many_reminders', message: 'why', reminders: 5_000, limit: 1_000 },
      },
    ],
    [
      'ReminderRequested',
      {
        cron_id: 'cron-1',
        run_id: 'run-1',
        mentor_id: 'm',
        certification_id: 'c',
        type: 'first-aid',
        expires_at: '2027-01-31',
        threshold_days: -5,
        days_left: -6,
        requested_at: AT,
      },
    ],
  ])('hold all that the log holds of it: %s', (type, data) => {
    const written = { type, data, metadata: { schema_version: schemaVersionOf(type) } };
    expect(parseEvent(written)).toEqual({ type, data });
    for (const { value } of toMessages(recorded(type, data), { batchAfter: '' }))
      expect(JSON.parse(String(value))).toEqual(data);
  });

  it('say where their cause is, when they have one', () => {
    const caused = { ...STARTED, metadata: { ...STARTED.metadata, causation_id: 'run-0' } };
    expect(toMessages(caused, { batchAfter: '' })[0]?.headers).toMatchObject({ ce_causationid: 'run-0' });
    expect(toMessages(STARTED, { batchAfter: '' })[0]?.headers).not.toHaveProperty('ce_causationid');
  });
});
