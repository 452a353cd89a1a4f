import { Writable } from 'node:stream';
import type { Response } from 'express';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventFrame } from '../../../src/http/event-frame.js';
import { answerEventStream } from '../../../src/http/event-stream.js';
import type { AuditEntry } from '../../../src/history/audit-entry.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

/** A response whose client takes what comes while it `takes`. */
function createResponse() {
  let text = '';
  let takes = true;
  let waiting = (): void => undefined;
  const response = new Writable({
    highWaterMark: 10,
    decodeStrings: false,
    write(chunk: string, _, done) {
      text += chunk;
      if (takes) done();
      else waiting = done;
    },
  });
  const headers: Record<string, string> = {};
  const setHeader = (name: string, value: string) => (headers[name] = value);
  return {
    response: Object.assign(response, { setHeader }) as unknown as Response,
    headers,
    text: () => text,
    setTaking: (taking: boolean) => {
      takes = taking;
      waiting();
    },
  };
}

describe('the answer with a stream of events', () => {
  it('has a heartbeat each 15 seconds, which says how far it is, until it ends', async () => {
    const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
    const over = new AbortController();
    const { response, text } = createResponse();
    const answering = answerEventStream(
      { response, clock, signal: over.signal, from: '' },
      async (reader) => {
        reader.take('id: 1\n\n', '1');
        reader.take('', '2');
        await clock.sleep(Infinity, reader.signal);
      },
    );
    await clock.advance(14_999);
    expect(text()).toBe('retry: 2000\nid: start\n\nid: 1\n\n');
    await clock.advance(30_001);
    const whole = `retry: 2000\nid: start\n\nid: 1\n\n${'id: 2\n\n'.repeat(3)}`;
    expect(text()).toBe(whole);
    over.abort(null);
    await answering;
    expect(response.writableEnded).toBe(true);
    await clock.advance(60_000);
    expect(text()).toBe(whole);
  });

  it('writes nothing to a client that takes nothing, and leaves it without waiting', async () => {
    const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
    const over = new AbortController();
    const { response, text, setTaking } = createResponse();
    setTaking(false);
    let isReady = false;
    const answering = answerEventStream(
      { response, clock, signal: over.signal, from: '' },
      async ({ take, ready, signal }) => {
        expect(take('x'.repeat(100), '1')).toBe(false);
        await ready();
        isReady = true;
        await clock.sleep(Infinity, signal);
      },
    );
    await clock.advance(60_000);
    expect([text(), isReady]).toEqual(['retry: 2000\nid: start\n\n', false]);
    over.abort(null);
    await answering;
    expect(response.destroyed).toBe(true);
  });

  it('goes on when its client takes again', async () => {
    const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
    const over = new AbortController();
    const { response, setTaking } = createResponse();
    setTaking(false);
    let rounds = 0;
    const answering = answerEventStream(
      { response, clock, signal: over.signal, from: '' },
      async ({ take, ready, signal }) => {
        for (; rounds < 3; rounds++) {
          take('x'.repeat(100), '1');
          await ready();
        }
        await clock.sleep(Infinity, signal);
      },
    );
    await clock.advance(1);
    expect(rounds).toBe(0);
    setTaking(true);
    await clock.advance(1);
    expect(rounds).toBe(3);
    over.abort(null);
    await answering;
  });
});

describe('the frame of an event', () => {
  it('is three lines and an empty one, whatever the event says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), (text, data) => {
        const entry = { position: '7', type: text, reason: text, data } as unknown as AuditEntry;
        const frame = eventFrame(entry);
        const [id, event, line = '', ...rest] = frame.split(/\r\n|\r|\n/);
        expect([id, event?.startsWith('event: '), rest]).toEqual(['id: 7', true, ['', '']]);
        expect(JSON.parse(line.slice('data: '.length))).toEqual(JSON.parse(JSON.stringify(entry)));
      }),
    );
  });
});
