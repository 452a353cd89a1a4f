import * as z from 'zod';

/** Days before the expiry, negative ones after it: whole numbers, each once, the largest first. */
export const thresholdsSchema = z.array(z.number().int());

/** Which certifications a job is about: null, or a list that is null, asks nothing. */
export const selectionSchema = z.object({
  types: z.array(z.string()).nullable().describe('its type is one of these'),
  labels: z.array(z.string()).nullable().describe('it has one of these'),
});

/**
 * A job's settings, as its client sets them: each field keeps one name from REST through the log to the read models.
 */
export const jobConfigSchema = z.object({
  name: z.string(),
  cron_expression: z.string(),
  enabled: z.boolean(),
  time_zone: z.string(),
  description: z.string().nullable(),
  misfire_grace_seconds: z.number().describe('lateness up to this is on time for every policy'),
  catchup_policy: z.enum(['latest', 'all', 'skip']),
  catchup_window_seconds: z.number().describe('slots older than this are never started'),
  concurrency_policy: z.enum(['forbid', 'allow']),
  timeout_seconds: z.number(),
  reminder_thresholds: thresholdsSchema.nullable().describe('null: those of the environment'),
  select: selectionSchema.nullable(),
  max_reminders: z
    .number()
    .int()
    .nullable()
    .describe(
      'a real run that would ask for more asks for none; 0: no limit; null: the default of the service',
    ),
  labels: z.array(z.string()).describe('what it is found by: each once, in the order of their characters'),
});

export type JobConfig = z.infer<typeof jobConfigSchema>;

/** Picks the configuration out of an object that has other fields too. */
export function configOf(holder: JobConfig): JobConfig {
  const fields = Object.keys(jobConfigSchema.shape) as (keyof JobConfig)[];
  return Object.fromEntries(fields.map((field) => [field, holder[field]])) as JobConfig;
}

/** Whether two values of a configuration are the same: they are JSON, with their fields in one order. */
export function isSameSetting(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
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
  reminder_thresholds: null,
  select: null,
  max_reminders: null,
  labels: [],
} satisfies Omit<JobConfig, 'name' | 'cron_expression'>;
