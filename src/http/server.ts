import type { Express } from 'express';
import { createServer, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../ports/clock.js';
import { problemBody } from './problem.js';
import { closeQuietly } from './close-quietly.js';

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
  /** Takes no new connection, lets requests under way end (up to `drainMs`), then closes what is left. */
  close(): Promise<void>;
}

export interface HttpServerOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  drainMs: number;
}

export function createHttpServer(
  api: Express,
  { host, port, drainMs }: HttpServerOptions,
  clock: Clock,
): HttpServer {
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 60_000 },
    api,
  );
  server.on('clientError', refuseGarbage);
  let closing = false;
  // A connection becomes idle only after its answer: a client that keeps it open must not delay the stop.
  server.on('request', (_request, response) => {
    response.once('close', () => {
      if (closing) void clock.yield().then(() => server.closeIdleConnections());
    });
  });
  return {
    listen: () =>
      new Promise((resolve, reject) => {
        const refuse = (cause: Error): void =>
          reject(new ListenError(`cannot listen on HOST ${host}, PORT ${port}: ${cause.message}`, { cause }));
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
      await closeQuietly(server, clock, () => {
        drained.abort();
        tellClosed();
      });
      closing = true;
      server.closeIdleConnections();
      await clock.sleep(drainMs, drained.signal);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Bytes that are no HTTP request never reach the application. */
function refuseGarbage(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = JSON.stringify(
    problemBody({ status, code: 'invalid_http', detail: 'this is no HTTP request that can be read' }, ''),
  );
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Connection: close',
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
