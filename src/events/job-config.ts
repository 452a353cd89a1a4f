import * as z from 'zod';

/** What a client decides about a job: one name for each field from REST through the log to the read models. */
export const jobConfigSchema = z.object({
  name: z.string(),
  description: z.string().nullable(),
  cron_expression: z.string(),
  time_zone: z.string(),
  enabled: z.boolean(),
  /** Lateness up to this is on time for every policy. */
  misfire_grace_seconds: z.number(),
  catchup_policy: z.enum(['latest', 'all', 'skip']),
  /** Slots older than this are never started. */
  catchup_window_seconds: z.number(),
  concurrency_policy: z.enum(['forbid', 'allow']),
  timeout_seconds: z.number(),
});

export type JobConfig = z.infer<typeof jobConfigSchema>;

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
