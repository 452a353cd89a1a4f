import { systemClock } from '../../src/adapters/system/clock.js';
import { holdAnswer } from '../../src/http/held-answers.js';
import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { publicLimits } from '../../src/http/http-limits.js';
import { createGate, eventually } from '../support/eventually.js';
import { type Client, get, listen, ok } from './limited-server.js';

describe('requests that come before the one before is answered', () => {
  it('are answered one at a time, all of them, in order', async () => {
    let atOnce = 0;
    let most = 0;
    const { open } = await listen((_request, response) => {
      most = Math.max(most, ++atOnce);
      setImmediate(() => {
        atOnce--;
        response.end(`<${_request.url ?? ''}>`);
      });
    });
    const paths = Array.from({ length: 900 }, (_, index) => `/${index}`);
    const client = open(paths.map(get).join(''));
    await eventually('all answers', () => client.answers() === paths.length);
    expect(most).toBe(1);
    expect([...client.text().matchAll(/<(\/\d+)>/g)].map(([, path]) => path)).toEqual(paths);
  });

  it('may have bodies, in one piece or in many, and expect to be told to go on', async () => {
    const { open } = await listen((request, response, last) => {
      if (request.headers.expect === '100-continue') response.writeContinue();
      ok(request, response, last);
    });
    const client = open();
    const long = 'x'.repeat(200_000);
    const requests = [
      `POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde`,
      `POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: ${long.length}\r\n\r\n${long}`,
      `POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n30d40\r\n${long}\r\n0\r\n\r\n`,
      `POST /4 HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx`,
      `POST /5 HTTP/1.1\r\nHost: a\r\nExpect: a-miracle\r\nContent-Length: 1\r\n\r\nx`,
      get('/6'),
    ];
    for (let round = 0; round < 20; round++) for (const request of requests) client.socket.write(request);
    await eventually('all answers', () => client.answers() === 120);
    expect(client.text().split('HTTP/1.1 100 Continue').length - 1).toBe(20);
    const paths = [...client.text().matchAll(/<\/(\d)>/g)].map(([, path]) => path).join('');
    expect(paths).toBe('123456'.repeat(20));
  });

  it('do not happen when the one before has closed the connection', async () => {
    const asked: string[] = [];
    const { open } = await listen((request, response) => {
      asked.push(request.url ?? '');
      response.setHeader('Connection', 'close').end('bye');
    });
    const client = open(get('/first') + get('/second'));
    await eventually('the end', client.closed);
    expect(asked).toEqual(['/first']);
  });

  it.each([0, 10, 40_000])(
    'are not read: the connection stands still, with bodies of %d bytes',
    async (length) => {
      const gate = createGate();
      let held: Socket | undefined;
      const { open } = await listen((request, response) => {
        if (request.url === '/other') {
          response.end();
          return;
        }
        held ??= request.socket;
        request.resume();
        void gate.passed.then(() => response.end());
      });
      const post = `POST / HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(100)}\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`;
      const count = length > 1_000 ? 100 : 2_000;
      const client = open(post);
      await eventually('it is asked', () => held);
      for (let written = 1; written < count; written++) client.socket.write(post);
      for (let round = 1; round <= 30; round++) {
        const other = open(get('/other'));
        await eventually('others are answered', () => other.answers() === 1);
      }
      expect(held?.bytesRead).toBeLessThan(200_000);
      gate.open();
      await eventually('all answers', () => client.answers() === count);
    },
  );

  it('cut their connection when too many wait, and that is told once', async () => {
    const gate = createGate();
    const { open, logger } = await listen(
      (_request, response) => void gate.passed.then(() => response.end('late')),
      { waitingRequests: 20 },
    );
    const greedy = [open(get('/').repeat(500)), open(get('/').repeat(500))];
    await eventually('the end of both', () => greedy.every(({ closed }) => closed()));
    const modest = open(get('/').repeat(10));
    gate.open();
    await eventually('the answers', () => modest.answers() === 10);
    expect(logger.lines.map(({ level }) => level)).toEqual(['warn']);
  });
});

describe('a client that does not take its answers', () => {
  const large = Buffer.alloc(1_000_000, 'x');

  it('is given one after the other, and is cut when it takes too long', async () => {
    let asked = 0;
    const { open } = await listen(
      (_request, response) => {
        asked++;
        response.end(large);
      },
      { answerMs: 300 },
    );
    const client = open(get('/').repeat(1_000), { reads: false });
    const writing = setInterval(() => client.socket.write(get('/').repeat(100)), 5);
    try {
      // Whether it is cut shows at its own end only when it reads; the server asks no more for it.
      await eventually('the cut', () => client.socket.destroyed || client.closed());
    } finally {
      clearInterval(writing);
    }
    // The kernel takes some megabytes of both ends.
    expect(asked).toBeLessThan(30);
  });

  it('is served on while it takes enough each time', async () => {
    const piece = Buffer.alloc(300_000, 'x');
    const { open } = await listen(
      (_request, response) => {
        let left = 12;
        const writing = setInterval(() => {
          if (left-- > 0) response.write(piece);
          else {
            clearInterval(writing);
            response.end();
          }
        }, 100);
      },
      { answerMs: 500 },
    );
    const client = open(get('/'));
    await eventually('the whole answer', () => client.socket.bytesRead > 12 * piece.length);
    expect(client.closed()).toBe(false);
  });

  it('may wait longer for an answer that it has asked to wait for, and then has the usual time', async () => {
    const { open } = await listen(
      (request, response) => {
        const release = request.url === '/held' ? holdAnswer(response, systemClock) : undefined;
        setTimeout(() => {
          release?.();
          response.end(large);
        }, 900);
      },
      { answerMs: 300 },
    );
    const held = open(get('/held'));
    const other = open(get('/'));
    await eventually('the whole answer', () => held.socket.bytesRead > large.length);
    expect([held.closed(), other.closed(), other.text()]).toEqual([false, true, '']);
    const idle = open(get('/held'), { reads: false });
    await eventually('the cut', () => {
      idle.socket.write(get('/'));
      return idle.closed();
    });
  });

  it('reading a byte now and then does not help', async () => {
    const { open } = await listen((_request, response) => response.end(Buffer.alloc(30_000_000)), {
      answerMs: 300,
    });
    const client = open(get('/'), { reads: false });
    const reading = setInterval(() => client.socket.read(1), 10);
    try {
      await eventually('the cut', () => {
        client.socket.write(get('/'));
        return client.closed();
      });
    } finally {
      clearInterval(reading);
    }
  });

  it('makes room for the others: all together are held only so many bytes', async () => {
    const held = new Set<Socket>();
    let most = 0;
    const { open } = await listen(
      (request, response) => {
        held.add(request.socket);
        response.end(Buffer.alloc(30_000_000));
        most = Math.max(
          most,
          [...held].reduce((sum, { destroyed, writableLength }) => sum + (destroyed ? 0 : writableLength), 0),
        );
      },
      { unsentBytes: 100_000_000 },
    );
    for (let index = 0; index < 12; index++) {
      open(get('/'), { reads: false });
      await eventually('it is asked', () => held.size === index + 1);
    }
    expect(most).toBeLessThan(135_000_000);
    const { text } = open(get('/'));
    await eventually('an answer', () => text().length > 30_000_000);
  });
});

describe('more connections than there may be', () => {
  it.each<[string, string]>([
    ['that say nothing', ''],
    ['that have had an answer', get('/')],
    ['with half of a request', 'GET / HTTP/1.1\r\nHost: a'],
    ['with half of a body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx'],
    [
      'with a chunk that never ends',
      'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nx',
    ],
  ])('close the one that has waited longest for its client: %s', async (_, bytes) => {
    const { open } = await listen(ok, { connections: 10 });
    const stalled: Client[] = [];
    for (let index = 0; index < 30; index++) {
      const client = open(bytes);
      stalled.push(client);
      await eventually('it is connected', () => !client.socket.connecting);
    }
    for (let index = 0; index < 30; index++) {
      const { answers } = open(get('/'));
      await eventually('an answer', () => answers() === 1);
    }
    await eventually('all of them are closed', () => stalled.every(({ closed }) => closed()));
  });

  it('never close one whose request is being answered', async () => {
    const gate = createGate();
    let asked = 0;
    const { open } = await listen(
      (request, response) => {
        asked++;
        void gate.passed.then(() => response.end(request.url));
      },
      { connections: 10 },
    );
    const atWork = Array.from({ length: 10 }, () => open(get('/')));
    await eventually('all are at work', () => asked === 10);
    const late = open(get('/'));
    await eventually('the newest is closed', late.closed);
    gate.open();
    await eventually('the others are answered', () => atWork.every(({ answers }) => answers() === 1));
  });
});

describe('the times', () => {
  it.each<[string, string]>([
    ['a client that says nothing', ''],
    ['headers that never end', 'GET / HTTP/1.1\r\nHost: a\r\n'],
    ['headers after an answer', `${get('/')}GET / HTTP/1.1\r\n`],
    ['a body that never ends', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx'],
    ['a chunk that never ends', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nx'],
  ])('are kept: %s', async (_, bytes) => {
    const { open } = await listen(ok, { headersMs: 200, requestMs: 300, checkMs: 50 });
    const from = performance.now();
    const client = open(bytes);
    await eventually('the end', client.closed);
    expect(performance.now() - from).toBeGreaterThan(190);
    expect(performance.now() - from).toBeLessThan(2_000);
    expect(client.text()).toContain('HTTP/1.1 408 ');
  });

  it('are kept for bytes that come slowly', async () => {
    const { open } = await listen(ok, { headersMs: 200, requestMs: 300, checkMs: 50 });
    const client = open('GET / HTTP/1.1\r\nX: ');
    const dripping = setInterval(() => client.socket.write('x'), 20);
    await eventually('the end', client.closed).finally(() => {
      clearInterval(dripping);
    });
    expect(client.text()).toContain('HTTP/1.1 408 ');
  });

  it('of the service are looked at each second', () => {
    expect(publicLimits).toMatchObject({ headersMs: 10_000, requestMs: 30_000, checkMs: 1_000 });
  });
});
