import { hash as digest } from 'node:crypto';
import type { RecordedEvent } from '../ports/event-log.js';

/** Of no events. */
export const FIRST_HASH = '0'.repeat(64);

/** An event as one line of JSON without its end: all that the log has of it, in one order. The same event is the same line. */
export function exportLine({
  id,
  stream,
  version,
  position,
  type,
  data,
  metadata,
  recorded_at,
}: RecordedEvent): string {
  // Adapters read these one by one; the data stand in the order in which they were written.
  const names = Object.keys(metadata).sort() as (keyof typeof metadata)[];
  const sorted = Object.fromEntries(names.map((name) => [name, metadata[name]]));
  return JSON.stringify({ id, stream, version, position, type, data, metadata: sorted, recorded_at });
}

/** SHA-256 over the hash before and a line: 64 hexadecimal digits. */
export function hashAfter(before: string, line: string): string {
  return digest('sha256', before + line, 'hex');
}
