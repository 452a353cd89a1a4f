import type { RunDocument } from '../ports/read-models.js';
import type { RunFilter } from '../ports/run-search.js';

const STATUSES = ['running', 'success', 'failed'] as const;
const TRIGGERS = ['schedule', 'manual'] as const;
const BOTH = [false, true] as const;

/** Each combination of what a run can be of few kinds. Its place here is the number that stands for it. */
const combinations = STATUSES.flatMap((status) =>
  TRIGGERS.flatMap((trigger) => BOTH.map((isDry) => ({ status, trigger, isDry }))),
);

/** The number of a run's combination. */
export function kindOf({ status, trigger, dry_run }: RunDocument): number {
  const ofTrigger = STATUSES.indexOf(status) * TRIGGERS.length + TRIGGERS.indexOf(trigger);
  return ofTrigger * BOTH.length + (dry_run ? 1 : 0);
}

/** The numbers of those combinations that fit a filter. */
export function kindsThatFit({ status, trigger, dryRun }: RunFilter): number[] {
  return [...combinations.entries()]
    .filter(
      ([, kind]) =>
        (status === undefined || kind.status === status) &&
        (trigger === undefined || kind.trigger === trigger) &&
        (dryRun === undefined || kind.isDry === dryRun),
    )
    .map(([number]) => number);
}
