import * as z from 'zod';

/**
 * A job's settings, as its client sets them: each field keeps one name from REST through the log to the read models.
 */
export const jobConfigSchema = z.object({
  name: z.string(),
  cron_expression: z.string(),
  enabled: z.boolean(),
  time_zone: z.string(),
  description: z.string().nullable(),
  /** Lateness up to this is on time for every policy. */
  misfire_grace_seconds: z.number(),
  catchup_policy: z.enum(['latest', 'all', 'skip']),
  /** Slots older than this are never started. */
  catchup_window_seconds: z.number(),
  concurrency_policy: z.enum(['forbid', 'allow']),
  timeout_seconds: z.number(),
});

export type JobConfig = z.infer<typeof jobConfigSchema>;

/** Picks the configuration out of an object that has other fields too. */
export function configOf(holder: JobConfig): JobConfig {
  const fields = Object.keys(jobConfigSchema.shape) as (keyof JobConfig)[];
  return Object.fromEntries(fields.map((field) => [field, holder[field]])) as JobConfig;
}

export const defaultJobConfig = {
  description: null,
  time_zone: 'UTC',
  enabled: true,
  misfire_grace_seconds: 60,
  catchup_policy: 'latest',
  catchup_window_seconds: 86_400,
  concurrency_policy: 'forbid',
  timeout_seconds: 3_600,
} as const satisfies Omit<JobConfig, 'name' | 'cron_expression'>;
