import { expect, it } from '@jest/globals';
import { inTurn } from '../../../src/http/in-turn.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

it.each([
  ['is taken up', false, 1],
  ['is not, when its client has hung up before its turn', true, 0],
])('a request %s', async (_, destroyed, times) => {
  let taken = 0;
  const request = { socket: { destroyed } } as never;
  await inTurn(createVirtualClock('2026-03-26T10:00:00.000Z'))(request, {} as never, () => taken++);
  expect(taken).toBe(times);
});
