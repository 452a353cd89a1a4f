import * as z from 'zod';
import { JOB_STATUSES, LAST_RUN_STATUSES, type JobFilter } from '../ports/job-list.js';
import { asDocumented } from './as-documented.js';
import { oneOf } from './query-text.js';
import { termDocumented } from './rule-fields.js';

/** Which jobs are meant, as requests say it: in the parameters of a list, in the body of a bulk request. */

const MOST_LABELS = 20;

const NAME_MESSAGE = 'must be one text of 1 to 128 characters';
const name = z
  .string(NAME_MESSAGE)
  .min(1, NAME_MESSAGE)
  .max(128, NAME_MESSAGE)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters or unpaired surrogates');

const LABEL_MESSAGE = `must be 1 to ${MOST_LABELS} texts of 1 to 128 characters`;
const label = z
  .union([z.string(), z.array(z.unknown())], LABEL_MESSAGE)
  .transform((given) => (typeof given === 'string' ? [given] : given))
  .refine((given) => given.length >= 1 && given.length <= MOST_LABELS, LABEL_MESSAGE)
  .pipe(z.array(z.unknown()).refine((given) => given.every((text) => isLabel(text)), LABEL_MESSAGE))
  .transform((given) => [...new Set(given as string[])].sort())
  .meta(
    asDocumented({
      type: 'array',
      minItems: 1,
      maxItems: MOST_LABELS,
      items: termDocumented,
    }),
  );

function isLabel(given: unknown): given is string {
  return typeof given === 'string' && given.length <= 128 && /^[^\p{Cc}\p{Cs}]+$/u.test(given);
}

/** The fields of a filter. @param yesOrNo how the request writes what is true or false */
export function jobFilters(yesOrNo: z.ZodType<boolean>) {
  return {
    status: oneOf(JOB_STATUSES).optional(),
    enabled: yesOrNo.optional(),
    name: name.optional(),
    label: label.optional(),
    last_run_status: oneOf(LAST_RUN_STATUSES).optional(),
    has_warnings: yesOrNo.optional(),
    overdue: yesOrNo.optional(),
  };
}

export type AskedFilter = z.infer<z.ZodObject<ReturnType<typeof jobFilters>>>;

/** @param now a slot is owed that has passed: by the clock that slots are settled by */
export function jobFilterOf(asked: AskedFilter, now: string): JobFilter {
  const { status, enabled, name, label, last_run_status, has_warnings, overdue } = asked;
  return {
    status,
    enabled,
    name,
    labels: label,
    lastRunStatus: last_run_status,
    hasWarnings: has_warnings,
    dueBefore: overdue === true ? now : undefined,
    notDueBefore: overdue === false ? now : undefined,
  };
}
