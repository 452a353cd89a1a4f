import { hash as digest } from 'node:crypto';
import type { ReminderEvent } from '../events/parse-event.js';
import { REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import { fromTimestamp } from '../events/timestamp.js';
import { civilDateOf, SECONDS_PER_DAY } from '../schedule/civil-time.js';
import type { Report } from './verify-slots.js';

type Reminder = ReminderEvent['data'];

const DATE_LENGTH = 'YYYY-MM-DD'.length;
const DIGITS = 40;
const MOST_DAYS = 9_999;

/**
 * Proves the streams of reminders, event by event: each reminder is in the stream of its certification and expiry date,
 * and none follows one that is as near to the expiry or nearer. The first versions of the service kept each reminder in a
 * stream of its own, in any order: those may stay where they are, but count for the reminders of later versions.
 */
export function createReminderStreamProof() {
  const versions = new Map<string, number>();
  /** By stream: the nearest threshold of the reminders that belong there. */
  const nearest = new Map<string, number>();
  /** The same of those of the first versions, by the stream that they would have today. */
  const early = new Map<string, number>();

  function prove(stream: string, version: number, reminder: Reminder, report: Report): void {
    const { threshold_days: days } = reminder;
    if (days < 0 || days > MOST_DAYS)
      report('broken', `a reminder ${days} days before: there are 0 to ${MOST_DAYS}`);
    const own = streamOf(reminder);
    const isEarly = stream !== own && version === 1 && stream === earlyStreamOf(reminder);
    if (stream !== own && !isEarly) {
      report('broken', `a reminder that belongs into ${own}`);
      return;
    }
    const ofToday = nearest.get(own) ?? Infinity;
    const ofEarly = early.get(own) ?? Infinity;
    const before = isEarly ? ofToday : Math.min(ofToday, ofEarly);
    if (days >= before) report('broken', `a reminder ${days} days before follows one ${before} days before`);
    if (isEarly) early.set(own, Math.min(days, ofEarly));
    else nearest.set(own, Math.min(days, ofToday));
  }

  return {
    /** @param reminder undefined when the event is none that can be read */
    take(stream: string, version: number, reminder: Reminder | undefined, report: Report): void {
      const last = versions.get(stream) ?? 0;
      if (version !== last + 1) report('broken', `version ${version} follows ${last}`);
      versions.set(stream, version);
      if (reminder !== undefined) prove(stream, version, reminder, report);
    },
  };
}

/** Repeated here on purpose, as the id of a run is: a proof does not use the code that it proves. */
function streamOf({ certification_id, expires_at }: Reminder): string {
  return streamNamed([certification_id, dateOf(expires_at)]);
}

function earlyStreamOf({ certification_id, expires_at, threshold_days }: Reminder): string {
  return streamNamed([certification_id, dateOf(expires_at), threshold_days]);
}

function streamNamed(identity: readonly unknown[]): string {
  return REMINDER_STREAM_PREFIX + digest('sha256', JSON.stringify(identity), 'hex').slice(0, DIGITS);
}

/** An instant falls on a day of UTC; those of the years before 0 and after 9999 are written like the others. */
function dateOf(expiresAt: string): string {
  if (expiresAt.length === DATE_LENGTH) return expiresAt;
  const { year, month, day } = civilDateOf(Math.floor(fromTimestamp(expiresAt) / (SECONDS_PER_DAY * 1000)));
  const digits = (value: number, count: number): string => String(value).padStart(count, '0');
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}
