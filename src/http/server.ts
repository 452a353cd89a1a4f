import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../ports/clock.js';
import type { Logger } from '../ports/logger.js';
import { answerLast } from './answer-last.js';
import { closeQuietly } from './close-quietly.js';
import { createConnections, type Exchange } from './connections.js';
import { endAfterBody } from './end-after-body.js';
import { MOST_HEADERS, type HttpLimits } from './http-limits.js';
import { refuseGarbage } from './refuse-garbage.js';

/**
 * Browsers and balancers keep connections in store on which they have asked for nothing yet; Node takes none of these for
 * idle. A request that is on its way when the stop begins comes within this time.
 */
const UNASKED_MS = 1_000;

/** The address cannot be listened on: taken, not one of this machine, or not allowed. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export interface HttpServer {
  /**
   * @returns the address it listens on, such as http://127.0.0.1:3000
   * @throws ListenError
   */
  listen(): Promise<string>;
  /**
   * Takes no new connection, lets requests under way end (up to `drainMs`), then closes what is left. A connection on which
   * nothing has been asked has a second.
   */
  close(): Promise<void>;
}

export interface HttpServerOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** The variable that the port comes from, for the error. */
  portVariable: 'PORT' | 'PROBE_PORT';
  drainMs: number;
  limits: HttpLimits;
}

/** An express application, or what is called like one; calls `last` with what it could not answer. */
export type Application = (request: IncomingMessage, response: ServerResponse, last: () => void) => void;

export function createHttpServer(
  application: Application,
  { host, port, portVariable, drainMs, limits }: HttpServerOptions,
  { clock, logger }: { clock: Clock; logger: Logger },
): HttpServer {
  const server = createServer({
    requestTimeout: limits.requestMs,
    headersTimeout: limits.headersMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: limits.checkMs,
    // The application refuses a request without one, in its turn and as a problem.
    requireHostHeader: false,
  });
  server.maxHeadersCount = MOST_HEADERS;
  const connections = createConnections(answer, limits, { clock, logger });
  server.on('connection', connections.opened);
  // A listener for each, or Node answers by itself those that expect something, and all at once.
  for (const event of ['request', 'checkContinue', 'checkExpectation'])
    server.on(event, (request: IncomingMessage, response: ServerResponse) => {
      connections.asked({ request, response });
    });
  server.on('clientError', refuseGarbage);
  let closing = false;

  function answer({ request, response }: Exchange): void {
    // A connection becomes idle only after its answer: a client that keeps it open must not delay the stop.
    response.once('close', () => {
      if (closing) void clock.yield().then(() => server.closeIdleConnections());
    });
    endAfterBody({ request, response }, clock);
    const last = (): void => {
      answerLast(request, response);
    };
    try {
      application(request, response, last);
    } catch {
      last();
    }
  }

  return {
    listen: () =>
      new Promise((resolve, reject) => {
        const refuse = (cause: Error): void =>
          reject(
            new ListenError(`cannot listen on HOST ${host}, ${portVariable} ${port}: ${cause.message}`, {
              cause,
            }),
          );
        server.once('error', refuse);
        server.listen(port, host, () => {
          server.off('error', refuse);
          const { address, family, port: bound } = server.address() as AddressInfo;
          resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`);
        });
      }),
    async close() {
      const drained = new AbortController();
      let tellClosed = (): void => undefined;
      const closed = new Promise<void>((resolve) => (tellClosed = resolve));
      await closeQuietly(server, { clock, connections }, () => {
        drained.abort();
        tellClosed();
      });
      closing = true;
      server.closeIdleConnections();
      const unaskedMs = Math.min(UNASKED_MS, drainMs);
      await clock.sleep(unaskedMs, drained.signal);
      connections.endUnasked();
      await clock.sleep(drainMs - unaskedMs, drained.signal);
      server.closeAllConnections();
      await closed;
    },
  };
}
