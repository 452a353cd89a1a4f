import type { EventMetadata } from '../../events/metadata.js';
import type { NewEvent, Position, RecordedEvent } from '../../ports/event-log.js';
import { START } from '../../ports/event-log.js';
import { StoreError } from '../../ports/store-error.js';
import { checksumOf } from '../checksum-of.js';

/** An event as stored in the table. */
export interface EventRow {
  position: number;
  stream: string;
  version: number;
  id: string;
  type: string;
  data: string;
  metadata: string;
  recorded_at: string;
  /** CRC-32 over everything else but the position. */
  checksum: number;
}

const POSITION_DIGITS = 19;

export function toPosition(rowid: number): Position {
  return rowid === 0 ? START : String(rowid).padStart(POSITION_DIGITS, '0');
}

/** @returns undefined for a position of another kind of log */
export function fromPosition(position: Position): number | undefined {
  if (position === START) return 0;
  return /^\d{19}$/.test(position) ? Number(position) : undefined;
}

/** A serialized event without its place in the log. */
export type Payload = Pick<EventRow, 'id' | 'type' | 'data' | 'metadata'>;

/** @throws TypeError when the data cannot be written as JSON */
export function toPayload({ id, type, data, metadata }: NewEvent): Payload {
  return { id, type, data: JSON.stringify(data), metadata: JSON.stringify(metadata) };
}

export function toRow(
  payload: Payload,
  place: Pick<EventRow, 'stream' | 'version' | 'recorded_at'>,
): Omit<EventRow, 'position'> {
  const row = { ...payload, ...place };
  return { ...row, checksum: checksumOfRow(row) };
}

/** @throws StoreError store_damaged when the row is not what was written */
export function assertIntact(row: EventRow, path: string): void {
  if (checksumOfRow(row) !== row.checksum) throw damaged(row, path);
}

/** @throws StoreError store_damaged when its data or metadata is no JSON object: a hand has written the row */
export function fromRow(row: EventRow, path: string): RecordedEvent {
  const data = objectIn(row.data);
  const metadata = objectIn(row.metadata);
  if (data === undefined || metadata === undefined) throw damaged(row, path);
  return {
    id: row.id,
    type: row.type,
    stream: row.stream,
    version: row.version,
    position: toPosition(row.position),
    recorded_at: row.recorded_at,
    data,
    metadata: metadata as unknown as EventMetadata,
  };
}

function damaged({ position, stream, version }: EventRow, path: string): StoreError {
  return new StoreError(
    'store_damaged',
    `${path}: the event at position ${position} (${stream}, version ${version}) is damaged: restore the file from a backup`,
  );
}

/** Undefined when the text holds none. */
function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function checksumOfRow(row: Omit<EventRow, 'position' | 'checksum'>): number {
  const { stream, version, id, type, data, metadata, recorded_at } = row;
  return checksumOf(stream, version, id, type, data, metadata, recorded_at);
}
