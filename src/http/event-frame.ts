import type { HistoryEntry } from '../history/history-entry.js';

/** The media type of server-sent events. */
export const EVENT_STREAM = 'text/event-stream';

/** How long a client waits before it connects again, milliseconds. */
const RETRY_MS = 2_000;

/** What a stream begins with. */
export const FIRST_FRAME = `retry: ${RETRY_MS}\n\n`;

/** Means nothing: it keeps proxies from closing the connection, and shows whether there is still a client. */
export const HEARTBEAT = ':\n\n';

/** An event as server-sent events have it (WHATWG HTML, section 9.2.6). Its JSON has no line ends. */
export function eventFrame(entry: HistoryEntry): string {
  const type = entry.type.replace(/[\r\n]/g, ' ');
  return `id: ${entry.position}\nevent: ${type}\ndata: ${JSON.stringify(entry)}\n\n`;
}
