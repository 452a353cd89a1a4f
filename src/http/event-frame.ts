import type { AuditEntry } from '../history/audit-entry.js';
import { START, type Position } from '../ports/event-log.js';

/** The media type of server-sent events. */
export const EVENT_STREAM = 'text/event-stream';

/** How long a client waits before it connects again, milliseconds. */
const RETRY_MS = 2_000;

/** The place before the first event: a client would take an empty id for none. */
export const START_ID = 'start';

/** What a stream begins with. */
export function firstFrame(place: Position): string {
  return `retry: ${RETRY_MS}\n${placeFrame(place)}`;
}

/**
 * Tells the client how far it is, so that it can go on from there; without data it is no event. It keeps proxies from
 * closing the connection, too, and shows whether there is still a client.
 */
export function placeFrame(place: Position): string {
  return `id: ${place === START ? START_ID : place}\n\n`;
}

/** An event as server-sent events have it (WHATWG HTML, section 9.2.6). Its JSON has no line ends. */
export function eventFrame(entry: AuditEntry): string {
  const type = entry.type.replace(/[\r\n]/g, ' ');
  return `id: ${entry.position}\nevent: ${type}\ndata: ${JSON.stringify(entry)}\n\n`;
}
