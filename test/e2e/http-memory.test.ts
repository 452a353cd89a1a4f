import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { brotliCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { BASE_PATH } from '../../src/http/api.js';
import { eventually } from '../support/eventually.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { startService, type ServiceProcess } from './service-process.js';

/**
 * With a small heap, a process that held too much would end. Without, its peak tells only how late the collector came,
 * and on a busy machine it comes late.
 */
const SMALL_HEAP = '--max-old-space-size=96';
/** The heap, and what lies outside of it: code, buffers, and answers that wait to be taken. */
const MOST_MEGABYTES = 350;

let service: ServiceProcess | undefined;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await service?.end('SIGKILL');
});

/** The most that the process has had since its start. */
function peakMegabytes(pid: number | undefined): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

const fields = Array.from({ length: 29_000 }, (_, index) => `"${index.toString(36)}":1`).join();
const small = brotliCompressSync(`{${fields}}`);
const bomb = Buffer.concat([
  Buffer.from(
    `POST ${BASE_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
      `Content-Encoding: br\r\nContent-Length: ${small.length}\r\n\r\n`,
  ),
  small,
]);
const get = (path: string): Buffer => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
const halfBody = Buffer.from(
  `POST ${BASE_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
    `Content-Length: 262144\r\n\r\n{"name":"${'x'.repeat(250_000)}`,
);

describe('the memory of the process', () => {
  it.each<[string, number, Buffer, number]>([
    ['100 clients that do not read, with small bodies that become large', 100, bomb, 5],
    ['one client that waits for no answer', 1, bomb, 200],
    ['600 clients that do not take the metrics', 600, get('/metrics'), 100],
    ['600 clients that ask and do not read', 600, get(`${BASE_PATH}?limit=100`), 500],
    ['600 clients that send half a body', 600, halfBody, 1],
  ])(
    'stays small: %s',
    async (_, clients, bytes, times) => {
      service = await startService({ DATA_DIR: temporaryFolder(), NODE_OPTIONS: SMALL_HEAP });
      const { port } = new URL(service.address);
      const piece = Buffer.concat(Array.from({ length: times }, () => bytes));
      for (let index = 0; index < clients; index++) {
        const socket = connect(Number(port), '127.0.0.1');
        socket.on('error', () => undefined).write(piece);
        sockets.push(socket);
      }
      await eventually('all are connected', () => sockets.every(({ connecting }) => !connecting), 60_000);
      const { address, child } = service;
      for (let asked = 0; asked < 30; asked++)
        await eventually(
          'the service answers others',
          async () => (await fetch(`${address}/livez`)).ok,
          60_000,
        );
      expect(peakMegabytes(child.pid)).toBeLessThan(MOST_MEGABYTES);
    },
    120_000,
  );
});
