import { createServer } from 'node:http';
import { expect, it } from '@jest/globals';
import { systemClock } from '../../../src/adapters/system/clock.js';
import { closeQuietly } from '../../../src/http/close-quietly.js';

/** @param turnMs how long each turn of the event loop takes. @returns how many it looked at before it stopped listening */
async function turnsUntilClosed(turnMs: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  let [turns, now] = [0, 0];
  const clock = {
    ...systemClock,
    monotonic: () => now,
    async yield() {
      turns++;
      now += turnMs;
      await systemClock.yield();
    },
  };
  await new Promise<void>((resolve) => void closeQuietly(server, clock, resolve));
  expect(server.listening).toBe(false);
  return turns;
}

it.each([
  ['at once when nothing is going on', 0.01, 1],
  ['after some turns when there is always something going on', 0.1, 500],
  ['soon also when each turn takes long', 20, 10],
])('stops listening %s', async (_, turnMs, turns) => {
  expect(await turnsUntilClosed(turnMs)).toBe(turns);
});
