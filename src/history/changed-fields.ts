import { configOf, isSameSetting, jobConfigSchema, type JobConfig } from '../events/job-config.js';

/** One field of a job's configuration that is not what it was; null where there was none, or is none any more. */
export interface FieldChange {
  field: keyof JobConfig;
  from: unknown;
  to: unknown;
}

/**
 * What differs between two configurations, in the order of their fields. Pure.
 * @param before undefined when there was none: each field has come
 */
export function changedFields(before: JobConfig | undefined, after: JobConfig): FieldChange[] {
  const fields = Object.keys(jobConfigSchema.shape) as (keyof JobConfig)[];
  const [one, other] = [before && configOf(before), configOf(after)];
  return fields
    .map((field) => ({ field, from: one?.[field] ?? null, to: other[field] }))
    .filter(({ from, to }) => one === undefined || !isSameSetting(from, to));
}
