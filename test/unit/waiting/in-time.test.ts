import { expect, it } from '@jest/globals';
import { inTime } from '../../../src/waiting/in-time.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const START = '2026-01-01T00:00:00Z';

it('is what becomes of the work, and leaves no timer behind', async () => {
  const clock = createVirtualClock(START);
  const given: (AbortSignal | undefined)[] = [];
  const watched: typeof clock = {
    ...clock,
    sleep: (ms, signal) => (given.push(signal), clock.sleep(ms, signal)),
  };
  await expect(inTime(watched, 1_000, Promise.resolve('done'))).resolves.toBe('done');
  await expect(inTime(watched, 1_000, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(given.map((signal) => signal?.aborted)).toEqual([true, true]);
});

it('is undefined when the time is over; a later failure is of no concern', async () => {
  const clock = createVirtualClock(START);
  let fail: (error: Error) => void = () => undefined;
  const work = new Promise<string>((_resolve, reject) => (fail = reject));
  const outcome = inTime(clock, 1_000, work);
  await clock.advance(999);
  await expect(Promise.race([outcome, Promise.resolve('still waiting')])).resolves.toBe('still waiting');
  await clock.advance(1);
  await expect(outcome).resolves.toBeUndefined();
  fail(new Error('late'));
  await expect(work).rejects.toThrow('late');
});
