/**
 * Whom a run reminds, read a second time from docs/reminders.md, as slowly and plainly as it can be written: it shares no
 * code with the check, looks at the whole registry for each record, and takes the days of zones from Intl.
 */
export interface OracleRecord {
  certification_id: string;
  mentor_id: string;
  expires_at: string;
  type: string | null;
  labels: readonly string[];
  status: string;
  renewable_from: string | null;
}

export interface OracleRules {
  time_zone: string;
  reminder_thresholds: readonly number[];
  select: { types: readonly string[] | null; labels: readonly string[] | null } | null;
}

export interface OracleReminder {
  certification_id: string;
  expires_at: string;
  threshold_days: number;
}

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** YYYY-MM-DD of an instant in a zone. */
export function oracleDay(at: Date, zone: string): string {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone });
  formats.set(zone, format);
  return format.format(at);
}

function expiryOf(expires: string, zone: string): string {
  return expires.length === 10 ? expires : oracleDay(new Date(expires), zone);
}

/** Calendar days from one date to another. */
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** @param today YYYY-MM-DD @returns the threshold to ask for, or the reason for none */
export function oracleVerdict(
  record: OracleRecord,
  today: string,
  rules: OracleRules,
  { registry, asked }: { registry: readonly OracleRecord[]; asked: readonly OracleReminder[] },
): number | string {
  const { time_zone: zone, reminder_thresholds: thresholds, select } = rules;
  if (record.status !== 'active') return record.status;
  const expiry = expiryOf(record.expires_at, zone);
  const rivals = registry.filter(
    (other) =>
      other.status === 'active' &&
      other.mentor_id === record.mentor_id &&
      other.type !== null &&
      other.type === record.type &&
      other.certification_id !== record.certification_id,
  );
  const isRenewed = rivals.some((other) => {
    const theirs = expiryOf(other.expires_at, zone);
    return theirs > expiry || (theirs === expiry && other.certification_id < record.certification_id);
  });
  if (isRenewed) return 'superseded';
  if (select?.types && !select.types.some((type) => type === record.type)) return 'not_selected';
  if (select?.labels && !select.labels.some((label) => record.labels.includes(label))) return 'not_selected';

  const left = daysBetween(today, expiry);
  const isDue = (threshold: number): boolean =>
    threshold > 0 ? left <= threshold && left >= 0 : left <= threshold && left >= threshold - 7;
  const reached = [...thresholds].filter((threshold) => left <= threshold).sort((a, b) => a - b);
  const nearest = reached[0];
  if (nearest === undefined || !isDue(nearest))
    return left >= 0 || thresholds.some((threshold) => threshold < left) ? 'not_due' : 'too_long_expired';
  if (record.renewable_from !== null && today < record.renewable_from) return 'not_renewable_yet';

  const reach = Math.min(180, Math.max(30, ...thresholds));
  const period = asked.filter(
    (one) =>
      one.certification_id === record.certification_id &&
      Math.abs(daysBetween(expiryOf(one.expires_at, zone), expiry)) <= reach,
  );
  if (period.some((one) => one.threshold_days === nearest)) return 'already_asked';
  if (period.some((one) => one.threshold_days < nearest)) return 'nearer_asked';
  return nearest;
}
