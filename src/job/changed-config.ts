import type { JobConfig } from '../events/job-config.js';

/** Whether a change moves the watermark: another schedule, or the job enabled again. */
export function changesSchedule(before: JobConfig, after: JobConfig): boolean {
  return (
    before.cron_expression !== after.cron_expression ||
    before.time_zone !== after.time_zone ||
    (!before.enabled && after.enabled)
  );
}

/** A configuration after an update of it. */
export function configAfter(
  before: JobConfig,
  changes: { [F in keyof JobConfig]?: JobConfig[F] | undefined },
): JobConfig {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...before, ...(Object.fromEntries(given) as Partial<JobConfig>) };
}
