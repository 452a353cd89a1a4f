import { EventEmitter, getEventListeners, getMaxListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { abortWith } from '../../../src/waiting/abort-with.js';

const listeners = (...of: AbortController[]): number[] =>
  of.map(({ signal }) => getEventListeners(signal, 'abort').length);

describe('a controller that aborts with others', () => {
  it.each([0, 1])('aborts with the reason of whichever is first, the one at %d', (first) => {
    const outer = [new AbortController(), new AbortController()];
    const own = abortWith(...outer.map(({ signal }) => signal));
    const reason = new Error(`of ${first}`);
    expect(own.signal.aborted).toBe(false);
    outer[first]?.abort(reason);
    outer[1 - first]?.abort(new Error('too late'));
    expect(own.signal.reason).toBe(reason);
  });

  it.each([0, 1])('is aborted from the start when the one at %d is', (first) => {
    const outer = [new AbortController(), new AbortController()];
    outer[first]?.abort(new Error('before'));
    const own = abortWith(...outer.map(({ signal }) => signal));
    expect(own.signal.reason).toBe(outer[first]?.signal.reason);
    expect(listeners(...outer)).toEqual([0, 0]);
  });

  it('may be one of very many, without a warning of Node, and changes nothing for other signals', () => {
    const [long, other] = [new AbortController(), new AbortController()];
    // Of a signal 10 before Node.js 24, and none there.
    const usual = [getMaxListeners(other.signal), EventEmitter.defaultMaxListeners];
    for (let nth = 0; nth < 30; nth++) abortWith(long.signal);
    abortWith();
    expect(getMaxListeners(long.signal)).toBe(Infinity);
    expect([getMaxListeners(other.signal), EventEmitter.defaultMaxListeners]).toEqual(usual);
  });

  it('leaves nothing behind in what lives longer, however it ends', () => {
    const [long, short] = [new AbortController(), new AbortController()];
    const own = abortWith(long.signal, short.signal);
    expect(listeners(long, short)).toEqual([1, 1]);
    own.abort();
    expect(listeners(long, short)).toEqual([0, 0]);
    expect(long.signal.aborted).toBe(false);
    abortWith(long.signal, short.signal);
    short.abort();
    expect(listeners(long, short)).toEqual([0, 0]);
  });
});
