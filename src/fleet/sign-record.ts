import {
  FLEET_EVENT_TYPES,
  FLEET_EVENT_VERSION,
  signSchema,
  type FleetEventType,
  type SignData,
} from '../events/fleet-events.js';
import { FLEET_STREAM } from '../events/stream-names.js';
import type { EventLog, NewEvent, RecordedEvent } from '../ports/event-log.js';

/** A sign of life as the fleet's stream has it. */
export interface SignRecord extends SignData {
  type: FleetEventType;
  version: number;
  /** By the clock of the store. */
  recorded_at: string;
}

/** Enough to hold one of each instance of a large fleet. */
export const KEPT_SIGNS = 200;

/** The last signs, oldest first. @throws StoreError */
export async function readSigns(log: Pick<EventLog, 'readStream'>): Promise<SignRecord[]> {
  const newestFirst = await log.readStream(FLEET_STREAM, { direction: 'backwards', limit: KEPT_SIGNS });
  return newestFirst.reverse().flatMap((event) => toSignRecord(event) ?? []);
}

/** @returns undefined when this version cannot read it, as one of a newer version: it says nothing then */
export function toSignRecord({ type, version, data, recorded_at }: RecordedEvent): SignRecord | undefined {
  const known = FLEET_EVENT_TYPES.find((name) => name === type);
  const parsed = signSchema.safeParse(data);
  return known !== undefined && parsed.success
    ? { ...parsed.data, type: known, version, recorded_at }
    : undefined;
}

/** @param id a fresh one for each attempt: a log that compares ids first would tell the loser that it had won */
export function toSignEvent(id: string, type: FleetEventType, data: SignData): NewEvent {
  const metadata = {
    actor: type === 'ClockTrusted' ? 'operator' : 'instance',
    correlation_id: data.instance,
    causation_id: null,
    schema_version: FLEET_EVENT_VERSION,
  };
  return { id, type, data: { ...data }, metadata };
}
