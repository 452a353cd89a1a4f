import { expect, it } from '@jest/globals';
import { turnInTime } from '../../../src/waiting/turn-in-time.js';
import { createTurns } from '../../../src/waiting/turns.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

it('a turn that comes in time is taken; one that comes later is given back', async () => {
  const clock = createVirtualClock('2026-03-26T02:00:00.000Z');
  const turns = createTurns(1);
  const end = await turnInTime(turns, clock, 1_000);
  const [impatient, patient] = [turnInTime(turns, clock, 1_000), turnInTime(turns, clock, 5_000)];
  await clock.advance(2_000);
  expect(await impatient).toBeUndefined();
  end?.();
  const next = await patient;
  expect(next).toBeDefined();
  next?.();
  expect(await turnInTime(turns, clock, 1)).toBeDefined();
});
