import { describe, expect, it } from '@jest/globals';
import { EVENT_STREAM } from '../../src/http/event-frame.js';
import type { Application } from '../../src/http/server.js';
import { eventually } from '../support/eventually.js';
import { get, listen } from './limited-server.js';

describe('a stream of events', () => {
  /** Writes a piece every 20 ms. */
  const streaming =
    (bytes: number): Application =>
    (request, response) => {
      if (request.url !== '/stream') {
        response.end('<other>');
        return;
      }
      response.setHeader('Content-Type', EVENT_STREAM);
      response.write(':');
      const writing = setInterval(() => {
        if (bytes > 0 && !response.writableNeedDrain) response.write(Buffer.alloc(bytes, 'x'));
      }, 20);
      response.on('close', () => {
        clearInterval(writing);
      });
    };

  it('goes on while its client takes what there is: nothing, little, or much', async () => {
    const opened = await Promise.all(
      [0, 10, 50_000].map(async (bytes) => {
        const { open, logger } = await listen(streaming(bytes), { answerMs: 100 });
        return { client: open(get('/stream')), logger };
      }),
    );
    const until = performance.now() + 500;
    await eventually('some looks are over', () => performance.now() > until);
    for (const { client, logger } of opened) {
      expect([client.answers(), client.closed()]).toEqual([1, false]);
      expect(logger.lines).toEqual([]);
    }
  });

  it('is cut when its client takes nothing, or next to nothing', async () => {
    let cut = 0;
    const application = streaming(1_000_000);
    const { open, logger } = await listen(
      (request, response, last) => {
        response.on('close', () => cut++);
        application(request, response, last);
      },
      { answerMs: 200 },
    );
    open(get('/stream'), { reads: false });
    const { socket } = open(get('/stream'), { reads: false });
    const reading = setInterval(() => socket.read(1), 10);
    await eventually('both are cut', () => cut === 2).finally(() => {
      clearInterval(reading);
    });
    expect(logger.lines[0]).toMatchObject({ level: 'warn', fields: { not_taken: 1 } });
  });

  it.each([
    ['in one piece', 0],
    ['later', 50],
  ])('is cut when requests wait behind it, %s: they take the place of others', async (_, ms) => {
    const { open, logger } = await listen(streaming(10), { answerMs: 200 });
    const client = open(get('/stream') + (ms === 0 ? get('/').repeat(3) : ''));
    await eventually('it begins', () => client.text().includes(':'));
    if (ms > 0) client.socket.write(get('/'));
    await eventually('the cut', client.closed);
    expect(client.text()).not.toContain('<other>');
    expect(logger.lines[0]).toMatchObject({ level: 'warn', fields: { waiting: 1 } });
  });
});
