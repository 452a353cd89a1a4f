import type { EventType } from '../events/parse-event.js';
import { cronIdOf, JOB_STREAM_PREFIX } from '../events/stream-names.js';
import type { Position, RecordedEvent } from '../ports/event-log.js';
import type { OutgoingMessage } from '../ports/message-bus.js';
import { EVENTS_TOPIC, REMINDERS_TOPIC, RUNS_TOPIC } from './topics.js';

/** Identifies this service, as a URI reference; with the id of the event it is unique. */
const SOURCE = '/certification-cron';

interface OwnTopic {
  topic: string;
  /** The field of the event's data that is the message's key. */
  key: string;
}

/** For the types that also go to a topic of their own. */
const ownTopics: Readonly<Record<EventType, OwnTopic | undefined>> = {
  CronJobScheduled: undefined,
  CronJobUpdated: undefined,
  CronJobDeleted: undefined,
  RunStarted: { topic: RUNS_TOPIC, key: 'run_id' },
  RunCompleted: undefined,
  RunSkipped: undefined,
  RunResultRejected: undefined,
  ScheduleFailed: undefined,
  WatermarkReset: undefined,
  ReminderRequested: { topic: REMINDERS_TOPIC, key: 'mentor_id' },
};

/**
 * The messages of an event: each goes to the topic of all events, some to one of their own besides. CloudEvents 1.0 in
 * the binary mode of its Kafka protocol binding: attributes in headers, the event's data as JSON in the value.
 * @param batchAfter everything up to here was acknowledged before this message was sent
 */
export function toMessages(event: RecordedEvent, batchAfter: Position): OutgoingMessage[] {
  const { type, data } = event;
  const value = JSON.stringify(data);
  const headers = cloudEventHeaders(event, batchAfter);
  const message = (topic: string, key: string): OutgoingMessage => ({ topic, key, headers, value });

  const all = message(EVENTS_TOPIC, cronIdOfEvent(event));
  const own = Object.hasOwn(ownTopics, type) ? ownTopics[type as EventType] : undefined;
  return own === undefined ? [all] : [all, message(own.topic, text(data[own.key]))];
}

function cloudEventHeaders(event: RecordedEvent, batchAfter: Position): Record<string, string> {
  const { id, type, stream, version, position, recorded_at, metadata } = event;
  return {
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: SOURCE,
    ce_type: `certification-cron.${type}`,
    ce_subject: stream,
    ce_time: recorded_at,
    'content-type': 'application/json',
    // Extension attributes, of lower-case letters and digits only.
    ce_streamversion: String(version),
    ce_logposition: position,
    ce_batchafter: batchAfter,
    ce_schemaversion: String(metadata.schema_version),
    ce_actor: metadata.actor,
    ce_correlationid: metadata.correlation_id,
    ...(metadata.causation_id !== null && { ce_causationid: metadata.causation_id }),
  };
}

function cronIdOfEvent({ stream, data }: RecordedEvent): string {
  return stream.startsWith(JOB_STREAM_PREFIX) ? cronIdOf(stream) : text(data.cron_id);
}

/** An event unknown to this version may lack the field; it is published all the same. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
