/** One of the processes among which compare-slots.ts divides its work: a task comes as a message, so does its result. */
import { createSeededIds } from '../support/seeded-ids.js';
import { forgetZones } from './slot-oracle.js';
import {
  addCompared,
  compareOffsets,
  compareSlots,
  nothingCompared,
  type Compared,
  type Range,
} from './compare-schedule.js';

/** Without expressions the offsets of the zone are compared. */
export interface Task extends Range {
  expressions: readonly string[];
  seed: number;
}

/** `series` is there when the offsets were compared. */
export type Result = Compared & { series?: string };

function perform({ expressions, seed, ...range }: Task): Result {
  if (expressions.length === 0) return compareOffsets(range);
  const compared = nothingCompared();
  const ids = createSeededIds(seed);
  for (const expression of expressions)
    addCompared(
      compared,
      compareSlots(expression, range, () => ids.random()),
    );
  forgetZones();
  return compared;
}

process.on('message', (task: Task) => {
  process.send?.(perform(task));
});
