import * as z from 'zod';
import { todaysVersion, type EventDefinition, type EventOf } from './event-definition.js';
import { jobEvents } from './job-events.js';
import type { EventMetadata } from './metadata.js';
import { reminderEvents } from './reminder-events.js';
import { timestampSchema, type Timestamp } from './timestamp.js';
import { upcast } from './upcast.js';

export type JobEvent = EventOf<typeof jobEvents>;
export type ReminderEvent = EventOf<typeof reminderEvents>;
export type DomainEvent = JobEvent | ReminderEvent;
export type EventType = DomainEvent['type'];

/** Each type of event that this version knows. */
export const eventDefinitions: Readonly<Record<EventType, EventDefinition>> = {
  ...jobEvents,
  ...reminderEvents,
};

/** An event that this version of the service cannot understand: written by a newer one, or damaged. */
export class UnreadableEventError extends Error {
  override readonly name = 'UnreadableEventError';
}

/** Has the error of an event that cannot be read say which one it is. @throws UnreadableEventError */
export function readWithPlace<T>({ stream, version }: { stream: string; version: number }, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    throw new UnreadableEventError(`${stream}, version ${version}: ${error.message}`, { cause: error });
  }
}

/**
 * Reads an event as it stands in the log.
 * @returns undefined for a type that this version does not know: readers skip it
 * @throws UnreadableEventError when the data does not fit, or its version is newer than ours
 */
export function parseEvent(recorded: {
  type: string;
  data: unknown;
  metadata: Pick<EventMetadata, 'schema_version'>;
}): DomainEvent | undefined {
  if (!isKnownType(recorded.type)) return undefined;
  const { type } = recorded;
  const { schema, earlier } = eventDefinitions[type];
  const from = recorded.metadata.schema_version;
  if (from < 1) throw new UnreadableEventError(`${type} has version ${from}: the first one is 1`);
  if (from > schemaVersionOf(type)) {
    throw new UnreadableEventError(
      `${type} version ${from} was written by a newer version of this service; known up to ${schemaVersionOf(type)}`,
    );
  }
  const parsed = schema.safeParse(upcast(earlier, from, recorded.data));
  if (!parsed.success)
    throw new UnreadableEventError(`${type} cannot be read: ${z.prettifyError(parsed.error)}`);
  return { type, data: parsed.data } as DomainEvent;
}

/** The version of the data of a type as it is written today. */
export function schemaVersionOf(type: EventType): number {
  return todaysVersion(eventDefinitions[type]);
}

/** When it happened. */
export function timeOf({ type, data }: DomainEvent): Timestamp {
  return (data as Record<string, unknown>)[eventDefinitions[type].time] as Timestamp;
}

/**
 * When an event happened, though the rest of it may be unreadable: then by its own time as it stands in the log, or else
 * when it was recorded. Undefined for a type that this version does not know.
 */
export function toldTimeOf({
  type,
  data,
  recorded_at,
}: {
  type: string;
  data: Readonly<Record<string, unknown>>;
  recorded_at: Timestamp;
}): Timestamp | undefined {
  if (!isKnownType(type)) return undefined;
  const told = timestampSchema.safeParse(data[eventDefinitions[type].time]);
  return told.success ? told.data : recorded_at;
}

/** Whether it belongs to the stream of a job. */
export function isJobEvent(event: DomainEvent): event is JobEvent {
  return Object.hasOwn(jobEvents, event.type);
}

function isKnownType(type: string): type is EventType {
  return Object.hasOwn(eventDefinitions, type);
}
