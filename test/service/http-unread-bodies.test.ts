import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { get, listen } from './limited-server.js';

describe('a body that its answer does not wait for', () => {
  const chunk = Buffer.from(`10000\r\n${'x'.repeat(0x10000)}\r\n`);
  const chunked = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';

  /** Refuses everything at once. */
  async function refusing() {
    let held: Socket | undefined;
    const { open } = await listen((request, response) => {
      held = request.socket;
      response.writeHead(401, { 'Content-Length': 2 }).end('no');
    });
    return { open, bytesRead: () => held?.bytesRead ?? 0 };
  }

  it.each<[string, string]>([
    ['without an end', chunked],
    ['of a gigabyte', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n'],
  ])('%s is read for 256 KiB and 1 s at most, and its client sees the answer', async (_, head) => {
    const { open, bytesRead } = await refusing();
    const client = open(head);
    const write = (): void => {
      while (!client.closed() && client.socket.write(chunk));
    };
    client.socket.on('drain', write);
    write();
    await eventually('the answer', () => client.text().endsWith('\r\n\r\nno'));
    const answeredAt = performance.now();
    await eventually('the end', client.closed);
    expect(performance.now() - answeredAt).toBeLessThan(3_000);
    expect(bytesRead()).toBeLessThan(600_000);
    expect(client.text().includes('Connection: close')).toBe(head !== chunked);
  });

  it('that stands still ends its connection after 1 s', async () => {
    const { open } = await refusing();
    const client = open('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx');
    await eventually('the answer', () => client.text().endsWith('no'));
    await eventually('the end', client.closed, 3_000);
  });

  it.each([0, 50, 200_000])('of %d bytes more is thrown away, and the connection goes on', async (more) => {
    const { open } = await refusing();
    const client = open(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${more + 1}\r\n\r\nx`);
    if (more > 0) await eventually('the answer', () => client.text().endsWith('no'));
    client.socket.write('x'.repeat(more) + get('/'));
    await eventually('both answers', () => client.text().split('HTTP/1.1 401').length === 3);
    expect(client.closed()).toBe(false);
  });
});
