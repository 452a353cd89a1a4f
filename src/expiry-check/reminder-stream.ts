import { createHash } from 'node:crypto';
import { REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import { expiryDateOf } from './expiry-day.js';

/** The stream of one reminder: it exists or it does not, so the reminder is sent at most once, ever. */
export function reminderStream(reminder: {
  certification_id: string;
  expires_at: string;
  threshold_days: number;
}): string {
  const identity = JSON.stringify([
    reminder.certification_id,
    expiryDateOf(reminder.expires_at),
    reminder.threshold_days,
  ]);
  return REMINDER_STREAM_PREFIX + createHash('sha256').update(identity).digest('hex').slice(0, 40);
}
