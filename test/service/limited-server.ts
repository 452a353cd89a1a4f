import { connect, type Socket } from 'node:net';
import { afterEach } from '@jest/globals';
import { systemClock } from '../../src/adapters/system/clock.js';
import { publicLimits, type HttpLimits } from '../../src/http/http-limits.js';
import { createHttpServer, type Application, type HttpServer } from '../../src/http/server.js';
import { createCollectingLogger } from '../support/collecting-logger.js';

export interface Client {
  socket: Socket;
  /** Everything that has come. */
  text: () => string;
  /** How many answers have come. */
  answers: () => number;
  closed: () => boolean;
}

const servers: HttpServer[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await server.close();
});

/** A server with these limits. The test that has started it ends it, and its clients. */
export async function listen(application: Application, limits: Partial<HttpLimits> = {}) {
  const logger = createCollectingLogger();
  const server = createHttpServer(
    application,
    {
      host: '127.0.0.1',
      port: 0,
      portVariable: 'PORT',
      drainMs: 0,
      limits: { ...publicLimits, ...limits },
    },
    { clock: systemClock, logger },
  );
  servers.push(server);
  const { port } = new URL(await server.listen());
  const open = (bytes = '', { reads = true } = {}): Client => {
    const socket = connect(Number(port), '127.0.0.1');
    sockets.push(socket);
    let text = '';
    let closed = false;
    if (reads) socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => (closed = true));
    socket.write(bytes);
    return {
      socket,
      text: () => text,
      answers: () => text.split('HTTP/1.1 200').length - 1,
      closed: () => closed,
    };
  };
  return { open, logger };
}

export const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
export const ok: Application = (request, response) => {
  request.resume().on('end', () => response.end(`<${request.url ?? ''}>`));
};
