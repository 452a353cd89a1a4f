import { createSeededIds } from '../support/seeded-ids.js';

/** All that is left to chance in a simulation: the same for the same seed. */
export interface Dice {
  /** Uniform in [0, 1). */
  random: () => number;
  uuid: () => string;
  chance(probability: number): boolean;
  oneOf<T>(values: readonly T[]): T;
  /** From `low` to `high` milliseconds, each order of magnitude as likely as the others. */
  duration(low: number, high: number): number;
  /** A waiting time whose mean is `ms`, as between events that come at random (exponential). */
  waitingTime(ms: number): number;
}

export function createDice(seed: number): Dice {
  const ids = createSeededIds(seed);
  const random = (): number => ids.random();
  return {
    random,
    uuid: () => ids.uuid(),
    chance: (probability) => random() < probability,
    oneOf<T>(values: readonly T[]) {
      const value = values[Math.floor(random() * values.length)];
      if (value === undefined) throw new Error('nothing to choose from');
      return value;
    },
    duration: (low, high) => Math.round(low * (high / low) ** random()),
    waitingTime: (ms) => Math.ceil(-Math.log(1 - random()) * ms),
  };
}
