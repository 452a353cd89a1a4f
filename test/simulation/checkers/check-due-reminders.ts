import type { Certification } from '../../../src/ports/certification-registry.js';
import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { reporting, type Violation } from './violation.js';

const THRESHOLDS = [0, 1, 7, 14, 30];
const DAYS_AFTER_EXPIRY = 7;
const DAY = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The promise: when a real run has succeeded, each certification due on the run's day, in the job's zone, has a
 * reminder at that threshold or a nearer one.
 */
export function checkDueReminders(
  events: readonly RecordedEvent[],
  certifications: readonly Certification[],
): Violation[] {
  const { violations, report } = reporting('whoever is due is reminded');
  const nearest = new Map<unknown, number>();
  const zones = new Map<string, string>();
  const runs = new Map<unknown, { day: string; zone: string | undefined; dry: boolean }>();

  for (const { type, stream, data, recorded_at } of events) {
    if (type === 'CronJobScheduled') zones.set(stream, String(data.time_zone));
    if (type === 'CronJobUpdated') {
      const { time_zone } = data.changes as { time_zone?: string };
      if (time_zone !== undefined) zones.set(stream, time_zone);
    }
    const zone = zones.get(stream);
    if (type === 'RunStarted') {
      const day = dayIn(zone ?? 'UTC', Date.parse(data.started_at as string));
      runs.set(data.run_id, { day, zone, dry: data.dry_run === true });
    }
    if (type === 'ReminderRequested') {
      const threshold = Math.min(nearest.get(data.certification_id) ?? Infinity, Number(data.threshold_days));
      nearest.set(data.certification_id, threshold);
    }
    if (type !== 'RunCompleted' || data.status !== 'success') continue;
    const run = runs.get(data.run_id);
    // The zone was changed while the run was under way: its day may be either.
    if (run === undefined || run.dry || run.zone !== zone) continue;
    for (const { certification_id, expires_at } of certifications) {
      const left = Math.round((Date.parse(expires_at) - Date.parse(run.day)) / DAY);
      const due = left < -DAYS_AFTER_EXPIRY ? undefined : THRESHOLDS.find((threshold) => threshold >= left);
      if (due !== undefined && (nearest.get(certification_id) ?? Infinity) > due)
        report(
          `${String(data.run_id)} has not reminded of ${certification_id}, ${left} days before`,
          String(data.cron_id),
          recorded_at,
        );
    }
  }
  return violations;
}

function dayIn(timeZone: string, instant: number): string {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  formats.set(timeZone, format);
  return format.format(instant);
}
