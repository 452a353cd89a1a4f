import { FLEET_EVENT_TYPES } from '../events/fleet-events.js';
import { jobEvents } from '../events/job-events.js';
import { LEASE_EVENT_TYPES } from '../events/lease-events.js';
import type { EventMetadata } from '../events/metadata.js';
import { parseEvent, UnreadableEventError, type DomainEvent } from '../events/parse-event.js';
import { reminderEvents } from '../events/reminder-events.js';
import { REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import type { RecordedEvent } from '../ports/event-log.js';
import type { Report } from './verify-slots.js';

const OF_JOBS: ReadonlySet<string> = new Set(Object.keys(jobEvents));
const OF_REMINDERS: ReadonlySet<string> = new Set(Object.keys(reminderEvents));
/** Of streams that are no part of the proof. */
const OF_OTHERS: ReadonlySet<string> = new Set([...LEASE_EVENT_TYPES, ...FLEET_EVENT_TYPES]);

/**
 * Reads the events of a log for the other proofs, and proves that each can be read and is of a type that belongs into its
 * stream. Types that this version does not know are counted: a newer one may have written them.
 */
export function createEventProof() {
  let unknown = 0;

  return {
    /** @returns undefined for an event of which the other proofs must know no more than that it is there */
    take(recorded: RecordedEvent, report: Report): DomainEvent | undefined {
      const { stream, type, metadata } = recorded;
      const [here, kind] = stream.startsWith(REMINDER_STREAM_PREFIX)
        ? [OF_REMINDERS, 'reminders']
        : [OF_JOBS, 'a job'];
      if (!here.has(type)) {
        if (OF_JOBS.has(type) || OF_REMINDERS.has(type) || OF_OTHERS.has(type))
          report('broken', `${type} does not belong into a stream of ${kind}`);
        else unknown++;
        return undefined;
      }
      // What the proofs rely on, and no more: the whole schema would take as long as reading the event.
      const { actor, schema_version } = metadata as Partial<Record<keyof EventMetadata, unknown>>;
      if (typeof actor !== 'string' || !Number.isInteger(schema_version)) {
        report('broken', `the metadata of ${type} has no actor or no schema_version`);
        return undefined;
      }
      return read(recorded, report);
    },
    /** How many are of types that this version does not know. */
    unknown: (): number => unknown,
  };
}

function read(recorded: RecordedEvent, report: Report): DomainEvent | undefined {
  try {
    return parseEvent(recorded);
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    report('broken', error.message);
    return undefined;
  }
}
