import { jobStateSchema, type JobState } from '../answers/job-state.js';
import { schemaUrn } from '../events/event-schemas.js';
import type { EventType } from '../events/parse-event.js';
import { cronIdOf, JOB_STREAM_PREFIX } from '../events/stream-names.js';
import type { Position, RecordedEvent } from '../ports/event-log.js';
import type { OutgoingMessage } from '../ports/message-bus.js';
import { cutData, cutText, type EventForm } from './cut-data.js';
import { EVENTS_TOPIC, JOBS_TOPIC, REMINDERS_TOPIC, RUNS_TOPIC } from './topics.js';

/** Identify this service, as URI references; with the id of the event each is unique. */
const SOURCE = '/certification-cron';
const STATES_SOURCE = '/certification-cron/jobs';

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
  CronJobRestored: undefined,
  RunStarted: { topic: RUNS_TOPIC, key: 'run_id' },
  RunCompleted: undefined,
  RunSkipped: undefined,
  RunResultRejected: undefined,
  ScheduleFailed: undefined,
  WatermarkReset: undefined,
  RequestAccepted: undefined,
  ReminderRequested: { topic: REMINDERS_TOPIC, key: 'mentor_id' },
};

export interface MessageOptions {
  /** Everything up to here was acknowledged before this message was sent. */
  batchAfter: Position;
  /** How much of the event: less is marked by `ce_truncated`. */
  form?: EventForm;
  /** Whether publishing has begun anew since the event: marked by `ce_republished`. */
  republished?: boolean;
}

/**
 * The messages of an event: each goes to the topic of all events, some to one of their own besides. CloudEvents 1.0 in
 * the binary mode of its Kafka protocol binding: attributes in headers, the event's data as JSON in the value.
 * In a smaller form the keys stay what they are, until even one of them is too large.
 */
export function toMessages(
  event: RecordedEvent,
  { batchAfter, form = 'whole', republished = false }: MessageOptions,
): OutgoingMessage[] {
  const { type, data } = event;
  const value = JSON.stringify(cutData(data, form));
  const marks = { ...dataSchema(event, form), ...(republished && { ce_republished: 'true' }) };
  const headers = headersIn(form, { ...cloudEventHeaders(event, batchAfter), ...marks });
  const message = (topic: string, key: string): OutgoingMessage => ({
    topic,
    key: form === 'bare' ? cutText(key, 'cut') : key,
    headers,
    value,
  });

  const all = message(EVENTS_TOPIC, cronIdOfEvent(event));
  const own = Object.hasOwn(ownTopics, type) ? ownTopics[type as EventType] : undefined;
  return own === undefined ? [all] : [all, message(own.topic, text(data[own.key]))];
}

/**
 * A job as it is after an event of it: a CloudEvent like those above, with the place of that event, and a schema of its own.
 * @param state null when the job is deleted: then the message is a tombstone
 */
export function toStateMessage(
  event: RecordedEvent,
  state: JobState | null,
  { batchAfter, form = 'whole' }: Pick<MessageOptions, 'batchAfter' | 'form'>,
): OutgoingMessage {
  const { type, version, urn } = jobStateSchema;
  const ofState = {
    ce_source: STATES_SOURCE,
    ce_type: `certification-cron.${type}`,
    ce_schemaversion: String(version),
    ...(state !== null && form === 'whole' && { ce_dataschema: urn }),
  };
  return {
    topic: JOBS_TOPIC,
    key: cronIdOf(event.stream),
    headers: headersIn(form, { ...cloudEventHeaders(event, batchAfter), ...ofState }),
    value: state && JSON.stringify(cutData(state, form)),
  };
}

function cloudEventHeaders(event: RecordedEvent, batchAfter: Position): Record<string, string> {
  const { id, type, stream, version, position, recorded_at, metadata } = event;
  const { causation_id, traceparent, term, slot_engine_version, tzdata_version } = metadata;
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
    ...(causation_id !== null && { ce_causationid: causation_id }),
    ...(term !== undefined && { ce_term: String(term) }),
    ...(slot_engine_version !== undefined && { ce_slotengineversion: String(slot_engine_version) }),
    ...(tzdata_version !== undefined && { ce_tzdataversion: tzdata_version }),
    // Once as tracers look for it, once as the extension of CloudEvents for distributed tracing has it.
    ...(traceparent !== undefined && { traceparent, ce_traceparent: traceparent }),
  };
}

/** What was cut need not fit any more, and of an event that this version does not know nothing is said. */
function dataSchema({ type, metadata }: RecordedEvent, form: EventForm): Record<string, string> {
  const urn = schemaUrn(type, metadata.schema_version);
  return form === 'whole' && urn !== undefined ? { ce_dataschema: urn } : {};
}

function headersIn(form: EventForm, headers: Record<string, string>): Record<string, string> {
  if (form === 'whole') return headers;
  const cut = Object.entries(headers).map(([name, value]) => [name, cutText(value, form)] as const);
  return { ...Object.fromEntries(cut), ce_truncated: 'true' };
}

function cronIdOfEvent({ stream, data }: RecordedEvent): string {
  return stream.startsWith(JOB_STREAM_PREFIX) ? cronIdOf(stream) : text(data.cron_id);
}

/** An event unknown to this version may lack the field; it is published all the same. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
