import { schemaVersionOf, type DomainEvent } from '../events/parse-event.js';
import type { EventMetadata } from '../events/metadata.js';
import type { NewEvent } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';

/** Who does it and why: the part of the metadata that the caller knows. */
export type Cause = Pick<
  EventMetadata,
  | 'actor'
  | 'correlation_id'
  | 'causation_id'
  | 'traceparent'
  | 'term'
  | 'slot_engine_version'
  | 'tzdata_version'
>;

/** Gives an event id and metadata. Each attempt has a fresh id: the log compares ids before it reports a conflict. */
export function stamp(event: DomainEvent, cause: Cause, ids: Ids): NewEvent {
  return {
    id: ids.uuid(),
    type: event.type,
    data: event.data,
    metadata: { ...cause, schema_version: schemaVersionOf(event.type) },
  };
}
