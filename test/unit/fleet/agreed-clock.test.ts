import { describe, expect, it } from '@jest/globals';
import { createAgreedClock } from '../../../src/fleet/agreed-clock.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const MINUTE = 60_000;
const START = Date.parse('2026-03-26T10:00:00.000Z');

function agreedClock() {
  const machine = createVirtualClock('2026-03-26T10:00:00.000Z');
  const steps: string[] = [];
  const clock = createAgreedClock(machine, () => steps.push('step'));
  return { machine, clock, steps };
}

describe('the agreed clock', () => {
  it('follows the wall clock as time passes, and its steps of up to 5 minutes', async () => {
    const { machine, clock, steps } = agreedClock();
    await machine.advance(86_400_000);
    machine.step(5 * MINUTE);
    expect(clock.now()).toBe(machine.now());
    machine.step(-5 * MINUTE);
    expect(clock.now()).toBe(START + 86_400_000);
    expect(steps).toEqual([]);
  });

  it.each([6 * MINUTE, -6 * MINUTE, 86_400_000])('goes on by itself after a step of %d ms', async (step) => {
    const { machine, clock, steps } = agreedClock();
    machine.step(step);
    expect(clock.now()).toBe(START);
    await machine.advance(86_400_000);
    expect(clock.now()).toBe(START + 86_400_000);
    expect(clock.isOff()).toBe(true);
    expect(clock.ownOffset() - clock.offset()).toBe(step);
    expect(steps).toEqual(['step']);
    machine.step(-step);
    expect(clock.isOff()).toBe(false);
    expect(steps).toEqual(['step', 'step']);
  });

  it('follows a wall clock that runs on while the machine is suspended, and knows a step after it', () => {
    const { machine, clock, steps } = agreedClock();
    machine.suspend(8 * 60 * MINUTE);
    expect(clock.now()).toBe(machine.now());
    machine.step(4 * MINUTE);
    expect(clock.now()).toBe(machine.now());
    machine.suspend(60 * MINUTE);
    expect(clock.now()).toBe(machine.now());
    expect(steps).toEqual([]);
    machine.step(60 * MINUTE);
    expect(clock.now()).toBe(machine.now() - 60 * MINUTE);
  });

  it('goes by another time when it is told to, and by the wall clock as soon as that shows it', () => {
    const { machine, clock } = agreedClock();
    clock.goBy(clock.offset() + 86_400_000);
    expect(clock.now()).toBe(START + 86_400_000);
    expect(clock.isOff()).toBe(true);
    machine.step(86_400_000 + MINUTE);
    expect(clock.now()).toBe(machine.now());
    expect(clock.isOff()).toBe(false);
  });

  it('takes no step for a suspension, also where it began wrong and was put right', async () => {
    const { machine, clock } = agreedClock();
    // The machine started a day ahead, and goes by the time of the others.
    clock.goBy(clock.offset() - 86_400_000);
    expect(clock.now()).toBe(START - 86_400_000);
    machine.step(-86_400_000);
    expect(clock.isOff()).toBe(false);
    await machine.advance(10 * MINUTE);
    machine.step(86_400_000);
    expect(clock.now()).toBe(START - 86_400_000 + 10 * MINUTE);
    expect(clock.isOff()).toBe(true);
  });

  it('takes no step back for a suspension after it was told that a step was right', async () => {
    const { machine, clock } = agreedClock();
    machine.step(86_400_000);
    expect(clock.isOff()).toBe(true);
    clock.goBy(clock.ownOffset());
    await machine.advance(10 * MINUTE);
    machine.step(-86_400_000);
    expect(clock.now()).toBe(START + 86_400_000 + 10 * MINUTE);
    expect(clock.isOff()).toBe(true);
  });
});
