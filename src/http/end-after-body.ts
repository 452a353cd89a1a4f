import type { Clock } from '../ports/clock.js';
import type { Exchange } from './connections.js';
import { MAX_BODY_BYTES } from './problem.js';
import { announcesBody } from './require-json.js';

/** So long a client has for the rest of its body, or to see its answer and stop. */
const MOST_MS = 1_000;

/**
 * Ends an answer that comes before the whole of its request only after the rest of the body: the connection would be reset
 * by unread data, and the client would not see the answer. The answer itself is sent at once. Of the rest, 256 KiB are read
 * and thrown away; what is not there after 1 s never comes in: the connection is closed.
 *
 * Replaces `end` of the response: Node reads an unread body to its end, however long, as soon as the answer has ended.
 */
export function endAfterBody({ request, response }: Exchange, clock: Clock): void {
  if (!announcesBody(request)) return;
  if (Number(request.headers['content-length']) > MAX_BODY_BYTES) response.setHeader('Connection', 'close');
  const end = response.end.bind(response) as (...given: unknown[]) => Exchange['response'];
  const endLater = (...given: unknown[]): Exchange['response'] => {
    response.end = end;
    if (request.complete) {
      request.resume();
      return end(...given);
    }
    const [chunk, encoding] = given;
    if (typeof chunk === 'string') response.write(chunk, encoding as BufferEncoding);
    else if (chunk instanceof Uint8Array) response.write(chunk);
    else response.flushHeaders();
    void throwAwayRest(request, clock).then(() => {
      if (request.complete) end();
      else end(() => request.socket.destroySoon());
    });
    return response;
  };
  response.end = endLater;
}

/** Resolves when the request has ended, or after `MOST_MS`. */
async function throwAwayRest(request: Exchange['request'], clock: Clock): Promise<void> {
  const over = new AbortController();
  let left = MAX_BODY_BYTES;
  const stop = (): void => {
    over.abort();
  };
  request.once('end', stop).once('close', stop);
  request.on('data', ({ length }: Buffer) => {
    left -= length;
    if (left < 0) request.pause();
  });
  request.resume();
  if (!request.destroyed) await clock.sleep(MOST_MS, over.signal);
}
