import * as z from 'zod';
import {
  cronJobDeletedSchema,
  cronJobScheduledSchema,
  cronJobUpdatedSchema,
  reminderRequestedSchema,
  runCompletedSchema,
  runResultRejectedSchema,
  runSkippedSchema,
  runStartedSchema,
  scheduleFailedSchema,
} from './job-events.js';
import type { EventMetadata } from './metadata.js';
import { upcast, type Upcasters } from './upcast.js';

const jobEventSchemas = {
  CronJobScheduled: cronJobScheduledSchema,
  CronJobUpdated: cronJobUpdatedSchema,
  CronJobDeleted: cronJobDeletedSchema,
  RunStarted: runStartedSchema,
  RunCompleted: runCompletedSchema,
  RunSkipped: runSkippedSchema,
  RunResultRejected: runResultRejectedSchema,
  ScheduleFailed: scheduleFailedSchema,
};
const schemas = { ...jobEventSchemas, ReminderRequested: reminderRequestedSchema };

type EventOf<S extends Record<string, z.ZodType>> = {
  [T in keyof S]: { type: T; data: z.infer<S[T]> };
}[keyof S];

export type JobEvent = EventOf<typeof jobEventSchemas>;
export interface ReminderEvent {
  type: 'ReminderRequested';
  data: z.infer<typeof reminderRequestedSchema>;
}
export type DomainEvent = JobEvent | ReminderEvent;

/** Today's version of each event's data. Raise one together with an upcaster from the version before. */
export const eventVersions: Record<DomainEvent['type'], number> = {
  CronJobScheduled: 1,
  CronJobUpdated: 1,
  CronJobDeleted: 1,
  RunStarted: 1,
  RunCompleted: 1,
  RunSkipped: 1,
  RunResultRejected: 1,
  ScheduleFailed: 1,
  ReminderRequested: 1,
};

const upcasters: Upcasters = {};

/** An event that this version of the service cannot understand: written by a newer one, or damaged. */
export class UnreadableEventError extends Error {
  override readonly name = 'UnreadableEventError';
}

/**
 * Reads an event as it stands in the log.
 * @returns undefined for a type that this version does not know: readers pass it by
 * @throws UnreadableEventError when the data does not fit, or its version is newer than ours
 */
export function parseEvent(recorded: {
  type: string;
  data: unknown;
  metadata: Pick<EventMetadata, 'schema_version'>;
}): DomainEvent | undefined {
  if (!isKnownType(recorded.type)) return undefined;
  const type = recorded.type;
  const version = recorded.metadata.schema_version;
  if (version > eventVersions[type]) {
    throw new UnreadableEventError(
      `${type} version ${version} was written by a newer version of this service; known up to ${eventVersions[type]}`,
    );
  }
  const data = upcast(upcasters, {
    type,
    data: recorded.data,
    from: version,
    to: eventVersions[type],
  });
  const parsed = schemas[type].safeParse(data);
  if (!parsed.success)
    throw new UnreadableEventError(`${type} cannot be read: ${z.prettifyError(parsed.error)}`);
  return { type, data: parsed.data } as DomainEvent;
}

function isKnownType(type: string): type is DomainEvent['type'] {
  return Object.hasOwn(schemas, type);
}

/** When it happened: the time that never decreases within a stream. */
export function timeOf(event: JobEvent): string {
  switch (event.type) {
    case 'CronJobScheduled':
      return event.data.created_at;
    case 'CronJobUpdated':
      return event.data.updated_at;
    case 'CronJobDeleted':
      return event.data.deleted_at;
    case 'RunStarted':
      return event.data.started_at;
    case 'RunCompleted':
      return event.data.completed_at;
    case 'RunSkipped':
      return event.data.skipped_at;
    case 'RunResultRejected':
      return event.data.rejected_at;
    case 'ScheduleFailed':
      return event.data.failed_at;
  }
}
