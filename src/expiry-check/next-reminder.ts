import type { NoReason } from '../events/job-events.js';
import type { Certification } from '../ports/certification-registry.js';
import { expiryDayOf } from './expiry-day.js';
import { askedBefore, inactive, reminderDue, renewableDay, type CheckRules } from './reminder-due.js';
import type { AskedReminder } from './reminder-history.js';

/** Days are calendar days in the zone of the rules, since 1970-01-01. */
export interface Outlook {
  /** What a run today would do: null when it would ask for a reminder. */
  reason: NoReason | null;
  /** The first run that will ask for a reminder, if nothing changes; null when none will. */
  next: { day: number; threshold_days: number } | null;
}

/** What is known of a certification. */
export interface CertificationFacts {
  certification: Certification;
  /** Whether a later record of its mentor and type has renewed it. */
  superseded: boolean;
  asked: readonly AskedReminder[];
}

/**
 * Why a run today does not remind of a certification, and when the next reminder will be asked for.
 * @param nextRunDay the day of the first run that is still to come and not before a day; undefined when none comes
 */
export function nextReminder(
  facts: CertificationFacts,
  rules: CheckRules,
  nextRunDay: (day: number) => number | undefined,
): Outlook {
  const { certification, superseded } = facts;
  const never = inactive(certification) ?? (superseded ? 'superseded' : undefined);
  if (never !== undefined) return { reason: never, next: null };
  const today = verdictOn(rules.today, facts, rules);
  return {
    reason: typeof today === 'string' ? today : null,
    next: today === 'not_selected' ? null : firstDue(facts, rules, nextRunDay),
  };
}

/** Between the days on which thresholds are reached nothing changes but the end of what is due. */
function firstDue(
  facts: CertificationFacts,
  rules: CheckRules,
  nextRunDay: (day: number) => number | undefined,
): Outlook['next'] {
  const { certification } = facts;
  const earliest = Math.max(rules.today, renewableDay(certification));
  const expiry = expiryDayOf(certification.expires_at, rules.time_zone);
  const reached = rules.reminder_thresholds.map((threshold) => Math.max(earliest, expiry - threshold));
  for (const from of new Set([earliest, ...reached].sort((one, other) => one - other))) {
    const day = nextRunDay(from);
    if (day === undefined) return null;
    const verdict = verdictOn(day, facts, rules);
    if (typeof verdict === 'number') return { day, threshold_days: verdict };
  }
  return null;
}

/** @returns the threshold of the reminder that a run on a day would ask for, or why it would ask for none */
function verdictOn(
  day: number,
  { certification, asked }: CertificationFacts,
  rules: CheckRules,
): number | NoReason {
  const due = reminderDue(certification, { ...rules, today: day });
  if (typeof due === 'string') return due;
  return askedBefore(due, asked, { ...rules, today: day }) ?? due.threshold_days;
}
