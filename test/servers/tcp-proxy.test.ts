import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.js';

let received: string;
let proxy: TcpProxy;
let close: () => Promise<void>;

beforeEach(async () => {
  received = '';
  const echo = createServer((socket) => {
    socket.on('data', (chunk) => {
      received += chunk.toString();
      socket.write(chunk);
    });
    socket.on('error', () => undefined);
  });
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await openTcpProxy('127.0.0.1', (echo.address() as AddressInfo).port);
  close = async () => {
    await proxy.close();
    const closed = once(echo, 'close');
    echo.close();
    await closed;
  };
});

afterEach(() => close());

interface Client {
  socket: Socket;
  got: string;
  /** 'open', 'ended', or the code of the error that closed it. */
  state: string;
}

function open(): Client {
  const socket = connect(proxy.port, '127.0.0.1');
  const client: Client = { socket, got: '', state: 'open' };
  socket.on('data', (chunk) => (client.got += chunk.toString()));
  socket.on('error', (error: NodeJS.ErrnoException) => (client.state = error.code ?? error.message));
  socket.on('close', () => (client.state = client.state === 'open' ? 'ended' : client.state));
  return client;
}

async function echoed(client: Client, text: string): Promise<void> {
  client.socket.write(text);
  await eventually(`${text} comes back`, () => client.got.endsWith(text));
}

const closed = (client: Client) => eventually('closed', () => client.state !== 'open' && client.state);

describe('the TCP proxy for outage tests', () => {
  test('passes bytes and the end of a connection both ways', async () => {
    const client = open();
    await echoed(client, 'hello');
    client.socket.end();
    expect(await closed(client)).toBe('ended');
  });

  test('refuse resets present connections and new ones, until it passes again', async () => {
    const present = open();
    await echoed(present, 'a');
    proxy.mode('refuse');
    expect(await closed(present)).toBe('ECONNRESET');
    expect(await closed(open())).toBe('ECONNRESET');
    proxy.mode('pass');
    await echoed(open(), 'b');
  });

  test('hang keeps connections open and swallows what is sent; who missed something is reset afterwards', async () => {
    const [talking, silent] = [open(), open()];
    await echoed(talking, 'a');
    await echoed(silent, 'b');
    proxy.mode('hang');
    talking.socket.write('lost');
    await eventually('swallowed', () => proxy.swallowedBytes() === 'lost'.length);
    expect(talking.state).toBe('open');
    proxy.mode('pass');
    expect(await closed(talking)).toBe('ECONNRESET');
    await echoed(silent, 'c');
    expect(received).toBe('abc');
  });

  test('slow delays each chunk, both ways, and keeps the order', async () => {
    const client = open();
    await echoed(client, 'a');
    proxy.mode({ slowMs: 100 });
    const started = performance.now();
    client.socket.write('b');
    await eventually('b is on its way back', () => received === 'ab');
    proxy.mode('pass');
    await echoed(client, 'c');
    expect(performance.now() - started).toBeGreaterThan(95);
    expect(client.got).toBe('abc');
  });

  test('cut resets present connections only', async () => {
    const present = open();
    await echoed(present, 'a');
    proxy.cut();
    expect(await closed(present)).toBe('ECONNRESET');
    await echoed(open(), 'b');
  });

  test('a target that is not there looks the same through the proxy', async () => {
    const empty = createServer().listen(0, '127.0.0.1');
    await once(empty, 'listening');
    const { port } = empty.address() as AddressInfo;
    empty.close();
    await proxy.close();
    proxy = await openTcpProxy('127.0.0.1', port);
    expect(await closed(open())).toBe('ECONNRESET');
  });
});
