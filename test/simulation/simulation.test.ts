import { describe, expect, it, jest } from '@jest/globals';
import { runSimulation } from './run-simulation.js';
import {
  backlogsScenario,
  clocksScenario,
  daysScenario,
  minutesScenario,
  restoresScenario,
  type Scenario,
} from './scenario.js';

/** npm run simulate covers years. */
const WORLDS: Scenario[] = [daysScenario(2, 10), minutesScenario(1, 0.6), clocksScenario(1, 0.4)];

// Seconds, on a machine that has nothing else to do.
jest.setTimeout(120_000);

describe.each(WORLDS)(
  'a world of $days days, seed $seed, with jobs that come due by the $kind',
  (scenario) => {
    it('keeps all promises', async () => {
      const { violations, counts } = await runSimulation(scenario);
      expect(violations).toEqual([]);
      expect(counts.slots).toBeGreaterThan(20);
      expect(counts.faults).toBeGreaterThan(100);
    });
  },
);

it('has more slots on time than runs may be open, in a world of backlogs', async () => {
  const { violations, counts } = await runSimulation(backlogsScenario(17, 0.05));
  expect(violations).toEqual([]);
  expect(counts['as many runs open as may be, by a slot']).toBeGreaterThan(0);
});

it('gives deleted jobs back, in a world of restores', async () => {
  const { violations, counts } = await runSimulation(restoresScenario(3, 0.4));
  expect(violations).toEqual([]);
  expect(counts['restore acknowledged']).toBeGreaterThan(3);
  expect(counts['revert acknowledged']).toBeGreaterThan(3);
});

it('comes out the same for the same seed', async () => {
  const [first, second] = [await runSimulation(daysScenario(5, 4)), await runSimulation(daysScenario(5, 4))];
  expect(second).toEqual(first);
});
