import {
  LEASE_EVENT_TYPES,
  LEASE_EVENT_VERSION,
  leaseSchema,
  type LeaseData,
  type LeaseEventType,
} from '../events/lease-events.js';
import type { AppendedEvent, EventLog, NewEvent } from '../ports/event-log.js';
import { StoreError } from '../ports/store-error.js';

/** What a lease's stream says at one version of it. */
export interface LeaseRecord extends LeaseData {
  type: LeaseEventType;
  /** Of the event. */
  id: string;
  version: number;
}

/** The newest record; undefined when nobody has ever held this lease. */
export async function readLease(log: EventLog, stream: string): Promise<LeaseRecord | undefined> {
  const [last] = await log.readStream(stream, { direction: 'backwards', limit: 1 });
  return last && toLeaseRecord(last);
}

/** @throws StoreError when it is not what an instance has written */
export function toLeaseRecord({ id, version, stream, type, data }: AppendedEvent): LeaseRecord {
  const known = LEASE_EVENT_TYPES.find((name) => name === type);
  const parsed = leaseSchema.safeParse(data);
  if (known === undefined || !parsed.success) {
    const what = `${stream}: event ${version} (${type}) is no lease that this version can read`;
    throw new StoreError('store_damaged', `${what}: it was written by another program or a newer version`);
  }
  return { ...parsed.data, type: known, id, version };
}

/** @param id a fresh one for each attempt: a log that compares ids first would tell the loser that it had won */
export function toLeaseEvent(id: string, type: LeaseEventType, data: LeaseData): NewEvent {
  const metadata = {
    actor: 'leadership',
    correlation_id: data.holder,
    causation_id: null,
    schema_version: LEASE_EVENT_VERSION,
    term: data.term,
  };
  return { id, type, data: { ...data }, metadata };
}
