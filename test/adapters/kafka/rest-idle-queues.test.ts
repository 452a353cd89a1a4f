import { afterEach, describe, expect, it, jest } from '@jest/globals';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import '../../../src/adapters/kafka/kafka-client.js';

interface Pushed {
  entry: { correlationId: number; resolve: () => void };
  expectResponse: boolean;
  sendRequest: () => void;
}
/** What a connection does with it. */
interface UsedQueue extends RequestQueue {
  push(request: Pushed): void;
  maybeThrottle(ms: number): void;
}

const sent: number[] = [];
const requestOf = (correlationId: number): Pushed => ({
  entry: { correlationId, resolve: () => undefined },
  expectResponse: false,
  sendRequest: () => sent.push(correlationId),
});

function newQueue(): UsedQueue {
  const logger = { debug: () => undefined };
  return new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1_000, logger }) as UsedQueue;
}

afterEach(() => {
  jest.restoreAllMocks();
  sent.length = 0;
});

describe('a connection of kafkajs', () => {
  it('sets no timer while no request waits: it would fire every millisecond', () => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    const queue = newQueue();
    queue.push(requestOf(1));
    queue.checkPendingRequests();
    expect(sent).toEqual([1]);
    expect(timers).not.toHaveBeenCalled();
  });

  it('sends what waits when a throttling is over, and rests again', async () => {
    const timers = jest.spyOn(globalThis, 'setTimeout');
    const queue = newQueue();
    queue.maybeThrottle(20);
    queue.push(requestOf(2));
    expect(sent).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(sent).toEqual([2]);
    const times = timers.mock.calls.map(([, ms]) => ms ?? 0);
    expect(times.filter((ms) => ms < 0)).toEqual([]);
    expect(times.length).toBeLessThan(5);
  });
});
