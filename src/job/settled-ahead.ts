import type { ParseOptions } from '../schedule/cron-expression.js';
import { scheduleOf } from '../schedule/slots.js';
import { isScheduling, type CronJob } from './cron-job.js';

/** Two clocks that both agree with a third may differ by this much: what one has run on time, the other must not undo. */
const CLOCKS_DIFFER_BY_MS = 10 * 60_000;

/** Whether a clock that ran ahead has left its mark: slots or events later than any clock that agrees with `now`. */
export function isAhead(job: CronJob, now: number): boolean {
  return Math.max(job.watermark, job.last_event_at) > now + CLOCKS_DIFFER_BY_MS;
}

/**
 * Until when the job stays silent because its slots were settled before they came, epoch milliseconds; undefined when
 * it does not. `ResetWatermark` makes them owed again.
 */
export function settledAheadUntil(job: CronJob, now: number, options: ParseOptions): number | undefined {
  if (job.watermark <= now + CLOCKS_DIFFER_BY_MS || !isScheduling(job)) return undefined;
  try {
    const { cron_expression, time_zone } = job.config;
    const next = scheduleOf(cron_expression, time_zone, options).nextAfter(now);
    return next !== undefined && next <= job.watermark ? job.watermark : undefined;
  } catch {
    // A schedule that cannot be computed owes no slots; the next Tick records why.
    return undefined;
  }
}
