import { EventSourceParserStream } from 'eventsource-parser/stream';
import { SERVICE } from '../api/client.js';
import { credentialHeaders } from '../api/credential.js';
import { ApiProblem } from '../api/problem.js';
import type { JobEvent } from './job-event.js';

export interface Following {
  /** The stream has begun: what happens from now on is in it. */
  onBegin: () => void;
  onEvent: (event: JobEvent) => void;
}

/** The service says something each 15 s: a connection that is silent for longer is a dead one. */
const SILENT_MS = 40_000;

/**
 * Reads the stream of events from now on, until it ends. By `fetch`, since `EventSource` can send no credential.
 * @throws ApiProblem when it cannot begin, Error when it breaks
 */
export async function followEvents(signal: AbortSignal, { onBegin, onEvent }: Following): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENT_MS);
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENT_MS);
  };
  try {
    const response = await fetch(`${SERVICE}/api/v1/certification-cron/events/stream`, {
      headers: credentialHeaders(),
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok || response.body === null)
      throw new ApiProblem(response.status, await response.json().catch(() => undefined), {
        retryAfter: response.headers.get('Retry-After'),
      });
    // A proxy may answer with a page of its own.
    if (!response.headers.get('Content-Type')?.startsWith('text/event-stream'))
      throw new Error('the answer is no stream of events');
    // The service sends the headers when it has found its place in the log.
    onBegin();
    const decoder = new TextDecoder();
    const texts = new TransformStream<Uint8Array, string>({
      transform(chunk, controller) {
        heard();
        controller.enqueue(decoder.decode(chunk, { stream: true }));
      },
    });
    const events = response.body.pipeThrough(texts).pipeThrough(new EventSourceParserStream());
    for (const reader = events.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) return;
      onEvent(JSON.parse(value.data) as JobEvent);
    }
  } finally {
    clearTimeout(timer);
    // What could not be read goes on otherwise, and takes one of the six connections of the browser.
    silence.abort();
  }
}
