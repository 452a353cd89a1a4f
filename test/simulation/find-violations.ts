import { expect } from '@jest/globals';
import type { Scenario } from './scenario.js';

/** @param first a seed that shows the bug today, which saves time: where it does no longer, one of the next does */
export const worlds = (count: number, days: number, first = 1) =>
  Array.from({ length: count }, (_, index) => ({ seed: index + first, days }));

/** Runs worlds until each of the faults has been found, if ever. @returns the violations found */
export async function brokenPromises(
  expected: readonly RegExp[],
  among: readonly { seed: number; days: number }[],
  kind: Scenario['kind'] = 'days',
): Promise<string[]> {
  const { runSimulation } = await import('./run-simulation.js');
  const { scenarios } = await import('./scenario.js');
  const found: string[] = [];
  for (const { seed, days } of among) {
    const { violations } = await runSimulation(scenarios[kind](seed, days));
    // Not by a spread: some bugs break more promises than a call may have arguments.
    for (const violation of violations) found.push(violation);
    if (expected.length > 0 && expected.every((fault) => isFound(found, fault))) break;
  }
  return found;
}

const isFound = (violations: readonly string[], fault: RegExp): boolean =>
  violations.some((text) => fault.test(text));

export async function expectFound(
  expected: readonly RegExp[],
  among: readonly { seed: number; days: number }[],
  kind: Scenario['kind'] = 'days',
): Promise<void> {
  const violations = await brokenPromises(expected, among, kind);
  expect(expected.filter((fault) => !isFound(violations, fault))).toEqual([]);
}
