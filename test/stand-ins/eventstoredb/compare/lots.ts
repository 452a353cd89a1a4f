import type { Ids } from '../../../../src/ports/ids.js';

/** What is drawn by lot: the same for the same seed. */
export interface Lots {
  /** A whole number from 0. */
  below(count: number): number;
  oneOf<T>(choices: readonly T[]): T;
}

export function createLots({ random }: Pick<Ids, 'random'>): Lots {
  const below = (count: number): number => Math.floor(random() * count);
  return {
    below,
    oneOf<T>(choices: readonly T[]): T {
      if (choices.length === 0) throw new RangeError('nothing to choose from');
      return choices[below(choices.length)] as T;
    },
  };
}
