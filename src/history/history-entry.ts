import { configOf, type JobConfig } from '../events/job-config.js';
import { isJobEvent, parseEvent, timeOf, type DomainEvent } from '../events/parse-event.js';
import { cronIdOf } from '../events/stream-names.js';
import { configAfter } from '../job/changed-config.js';
import type { RecordedEvent } from '../ports/event-log.js';
import { changedFields, type FieldChange } from './changed-fields.js';

/** An event of a job as an auditor reads it: what has happened, by whom, when and why. Times have milliseconds. */
export interface HistoryEntry {
  cron_id: string;
  /** Its number in the history of the job, from 1. */
  version: number;
  event_id: string;
  /** Its place in the log. */
  position: string;
  type: string;
  /** By the clock of whoever decided it; null for an event of a type that this version does not know. */
  at: string | null;
  recorded_at: string;
  actor: string;
  /** In the words of whoever did it, where it has any. */
  reason: string | null;
  correlation_id: string;
  causation_id: string | null;
  traceparent: string | null;
  /** Of a decision: the leader's term, the slot rule and the time zone data. */
  term: number | null;
  slot_engine_version: number | null;
  tzdata_version: string | null;
  /** Of a change of the configuration, also by a declaration that restores: what was what before, field by field; else null. */
  changes: FieldChange[] | null;
  /** The event itself. */
  data: Record<string, unknown>;
}

/**
 * The entry of an event in the stream of a job. Pure.
 * @param before the configuration before it; asked for only where `needsConfigBefore` says so. Null where it cannot be
 *   told: then no changes are shown
 * @throws UnreadableEventError
 */
export function historyEntry(recorded: RecordedEvent, before: JobConfig | null | undefined): HistoryEntry {
  const event = parseEvent(recorded);
  const entry = entryOfUnknown(recorded);
  if (event === undefined) return entry;
  const changes = changesIn(event, before);
  return Object.assign(entry, { at: timeOf(event), reason: reasonIn(event), changes, data: event.data });
}

/** The entry of an event by what every event has, whether this version can read it or not. Pure. */
export function entryOfUnknown({ stream, version, id, position, ...rest }: RecordedEvent): HistoryEntry {
  const { type, recorded_at, metadata, data } = rest;
  return {
    cron_id: cronIdOf(stream),
    version,
    event_id: id,
    position,
    type,
    at: null,
    recorded_at,
    actor: metadata.actor,
    reason: null,
    correlation_id: metadata.correlation_id,
    causation_id: metadata.causation_id,
    traceparent: metadata.traceparent ?? null,
    term: metadata.term ?? null,
    slot_engine_version: metadata.slot_engine_version ?? null,
    tzdata_version: metadata.tzdata_version ?? null,
    changes: null,
    data,
  };
}

/** Whether the entry of an event says what was what before. */
export function needsConfigBefore({ type }: Pick<RecordedEvent, 'type'>): boolean {
  return type === 'CronJobUpdated' || type === 'CronJobRestored';
}

function changesIn(event: DomainEvent, before: JobConfig | null | undefined): FieldChange[] | null {
  if (!isJobEvent(event)) return null;
  if (event.type === 'CronJobScheduled') return changedFields(undefined, event.data);
  if (event.type !== 'CronJobUpdated' && event.type !== 'CronJobRestored') return null;
  if (before === null) return null;
  if (before === undefined) throw new Error('a change has a configuration before it');
  if (event.type === 'CronJobUpdated') return changedFields(before, configAfter(before, event.data.changes));
  // A declaration may bring the job back with other settings.
  const changes = changedFields(before, configOf(event.data));
  return changes.length === 0 ? null : changes;
}

function reasonIn({ data }: DomainEvent): string | null {
  return 'reason' in data ? data.reason : null;
}
