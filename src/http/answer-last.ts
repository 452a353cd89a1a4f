import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemBody } from './problem.js';
import { SAFE_HEADERS } from './safe-headers.js';

/**
 * The answer when the error handling itself has failed, or when an answer was broken off. Takes nothing from the error
 * and never throws: Express's own last handler would show a stack.
 */
export function answerLast(request: IncomingMessage, response: ServerResponse): void {
  try {
    if (response.headersSent) {
      // The client can only be told by the end of the connection that its answer is not whole.
      request.socket.destroy();
      return;
    }
    const id = String(response.getHeader('X-Request-Id') ?? '');
    const detail = 'an unexpected error';
    const body = JSON.stringify(problemBody({ status: 500, code: 'internal_error', detail }, id));
    response.writeHead(500, {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      ...SAFE_HEADERS,
    });
    response.end(body);
  } catch {
    request.socket.destroy();
  }
}
