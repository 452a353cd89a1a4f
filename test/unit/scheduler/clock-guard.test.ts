import { describe, expect, it } from '@jest/globals';
import { createClockGuard } from '../../../src/scheduler/clock-guard.js';
import { createCollectingLogger } from '../../support/collecting-logger.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const MINUTE = 60_000;

function guarded() {
  const clock = createVirtualClock('2026-03-26T10:00:00.000Z');
  const logger = createCollectingLogger();
  return { clock, logger, mustHold: createClockGuard(clock, logger) };
}

describe('the clock guard', () => {
  it('lets time pass, and steps of up to 5 minutes', async () => {
    const { clock, logger, mustHold } = guarded();
    await clock.advance(86_400_000);
    expect(mustHold()).toBe(false);
    clock.step(5 * MINUTE);
    expect(mustHold()).toBe(false);
    clock.step(-9 * MINUTE);
    expect(mustHold()).toBe(false);
    expect(logger.lines).toEqual([]);
  });

  it.each([6 * MINUTE, -6 * MINUTE])(
    'holds for 60 s after a step of %d ms, says so once, then trusts the new time',
    async (step) => {
      const { clock, logger, mustHold } = guarded();
      clock.step(step);
      expect(mustHold()).toBe(true);
      await clock.advance(59_999);
      expect(mustHold()).toBe(true);
      await clock.advance(1);
      expect(mustHold()).toBe(false);
      expect(mustHold()).toBe(false);
      expect(logger.lines).toMatchObject([{ level: 'error', fields: { step_ms: step } }]);
    },
  );

  it('goes on at once when the step is taken back', async () => {
    const { clock, mustHold } = guarded();
    clock.step(60 * MINUTE);
    expect(mustHold()).toBe(true);
    await clock.advance(10_000);
    clock.step(-60 * MINUTE);
    expect(mustHold()).toBe(false);
  });
});
