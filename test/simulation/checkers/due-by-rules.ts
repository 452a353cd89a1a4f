import type { Certification } from '../../../src/ports/certification-registry.js';
import type { RunRules } from '../../../src/events/job-events.js';
import type { History, RegistryState } from '../history.js';

const DAY = 86_400_000;
const LEAST_REACH = 30;
const MOST_REACH = 180;
const formats = new Map<string, Intl.DateTimeFormat>();

/** What is due by the rules, told again without the code of the check. Days are epoch days. */
export interface Due {
  threshold: number;
  left: number;
  expires_at: string;
}

/** The day of a date, or of an instant in the zone. */
export function dayOf(when: string, timeZone: string): number {
  if (when.length === 10) return Date.parse(when) / DAY;
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  formats.set(timeZone, format);
  return Date.parse(format.format(Date.parse(when))) / DAY;
}

/** Whom a run of that day would remind, if nobody had been reminded before: by certification. */
export function dueBy(records: readonly Certification[], rules: RunRules, today: number): Map<string, Due> {
  const due = new Map<string, Due>();
  for (const record of records) {
    if (record.status !== 'active' || isRenewed(record, records, rules)) continue;
    if (!isSelected(record, rules)) continue;
    if (record.renewable_from !== null && dayOf(record.renewable_from, 'UTC') > today) continue;
    const { certification_id, expires_at } = record;
    const left = dayOf(expires_at, rules.time_zone) - today;
    const [threshold] = rules.reminder_thresholds.filter((days) => days >= left).sort((a, b) => a - b);
    if (threshold === undefined) continue;
    if (threshold > 0 ? left < 0 : left < threshold - 7) continue;
    due.set(certification_id, { threshold, left, expires_at });
  }
  return due;
}

/** Whether another active record of the same mentor and type counts in its place. */
export function isRenewed(
  { certification_id, mentor_id, type, expires_at }: Certification,
  records: readonly Certification[],
  { time_zone }: RunRules,
): boolean {
  const day = dayOf(expires_at, time_zone);
  return records.some((other) => {
    if (type === null || other.type !== type || other.mentor_id !== mentor_id || other.status !== 'active')
      return false;
    const otherDay = dayOf(other.expires_at, time_zone);
    return otherDay > day || (otherDay === day && other.certification_id < certification_id);
  });
}

function isSelected({ type, labels }: Certification, { select }: RunRules): boolean {
  const isOfType = !select?.types || (type !== null && select.types.includes(type));
  return isOfType && (!select?.labels || select.labels.some((label) => labels.includes(label)));
}

/** Whether two expiries belong to one validity period, by the rules of the run that asks. */
export function isOnePeriod(
  one: string,
  other: string,
  { time_zone, reminder_thresholds }: RunRules,
): boolean {
  const apart = Math.abs(dayOf(one, time_zone) - dayOf(other, time_zone));
  return apart <= LEAST_REACH || (apart <= MOST_REACH && reminder_thresholds.some((days) => apart <= days));
}

/** The registry as it was at some moment in this time; true times, epoch milliseconds. */
export function statesWithin(registry: History['registry'], from: number, to: number): RegistryState[] {
  return registry.filter((state) => state.from <= to && state.to >= from);
}

/** As `Run Started` says; of any number where they let through a share of the records, of which there are few here. */
export function limitOf({ confirm_reminders, max_reminders }: RunRules): number {
  const limit = confirm_reminders ?? max_reminders ?? 1_000;
  return limit === 0 && confirm_reminders === null ? Infinity : limit;
}
