import { createHash } from 'node:crypto';
import { REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import { expiryDateOf } from './expiry-day.js';

/**
 * The stream of all reminders for one certification and its expiry, from any run: its version is the lock, so of two
 * concurrent runs the later one sees what the earlier one has sent.
 */
export function reminderStream({
  certification_id,
  expires_at,
}: {
  certification_id: string;
  expires_at: string;
}): string {
  const identity = JSON.stringify([certification_id, expiryDateOf(expires_at)]);
  return REMINDER_STREAM_PREFIX + createHash('sha256').update(identity).digest('hex').slice(0, 40);
}
