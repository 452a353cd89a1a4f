import { hash as digest } from 'node:crypto';
import { START, type Position, type RecordedEvent } from '../ports/event-log.js';

/** What a log holds from its beginning to one of its events: a log that begins otherwise has another one. */
export interface LogHead {
  /** How many events. */
  count: number;
  /** Of the last of them. */
  position: Position;
  /** SHA-256 over the hash before the last event and that event: 64 hexadecimal digits. */
  hash: string;
}

/** Of a log without events. */
export const FIRST_HEAD: LogHead = { count: 0, position: START, hash: '0'.repeat(64) };

/**
 * The head after one more event. The hash is over the event as it is stored, in a form that is the same in every kind of
 * log: without the time and the position that the store gives it, and with the metadata in order of their names, since
 * adapters read those one by one.
 */
export function headAfter(
  { count, hash }: LogHead,
  { stream, version, type, id, data, metadata, position }: RecordedEvent,
): LogHead {
  const names = Object.keys(metadata).sort() as (keyof typeof metadata)[];
  const named = names.map((name) => [name, metadata[name]]);
  const event = JSON.stringify([stream, version, type, id, data, named]);
  return { count: count + 1, position, hash: digest('sha256', hash + event, 'hex') };
}

/** The head as one word, to be kept elsewhere. */
export function headText({ count, position, hash }: LogHead): string {
  return `${count}:${position}:${hash}`;
}
