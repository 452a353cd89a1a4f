import { createHash } from 'node:crypto';
import { REMINDER_STREAM_PREFIX } from '../events/stream-names.js';

/**
 * The stream of all reminders of a certification, from any run: its version is the lock, so of two concurrent runs the
 * later one sees what the earlier one has asked for.
 */
export function reminderStream(certificationId: string): string {
  const identity = JSON.stringify([certificationId]);
  return REMINDER_STREAM_PREFIX + createHash('sha256').update(identity).digest('hex').slice(0, 40);
}
