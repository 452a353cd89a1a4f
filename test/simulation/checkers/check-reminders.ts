import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { reporting, type Violation } from './violation.js';

/**
 * The promises about reminders: one for a certification, expiry and threshold, ever; none after a nearer one; each
 * belongs to a real run that had been started, and a run that succeeded counts exactly its own.
 */
export function checkReminders(events: readonly RecordedEvent[]): Violation[] {
  const { violations, report } = reporting('reminders are sent once, and counted');
  const nearest = new Map<string, number>();
  const sent = new Map<unknown, number>();
  const dry = new Map<unknown, boolean>();

  for (const { type, data, recorded_at } of events) {
    const fault = (text: string): void => {
      report(text, data.cron_id as string, recorded_at);
    };
    if (type === 'RunStarted') dry.set(data.run_id, data.dry_run === true);
    if (type === 'ReminderRequested') {
      const certification = `${String(data.certification_id)} ${String(data.expires_at)}`;
      const threshold = Number(data.threshold_days);
      const before = nearest.get(certification) ?? Infinity;
      if (threshold >= before) fault(`${certification}: ${threshold} days after ${before} days`);
      nearest.set(certification, Math.min(before, threshold));
      if (dry.get(data.run_id) !== false) fault(`a reminder of ${String(data.run_id)}, which is no real run`);
      sent.set(data.run_id, (sent.get(data.run_id) ?? 0) + 1);
    }
  }
  for (const { type, data, recorded_at } of events) {
    if (type !== 'RunCompleted' || data.status !== 'success' || dry.get(data.run_id) === true) continue;
    const said = (data.result as { reminders_sent: number }).reminders_sent;
    const found = sent.get(data.run_id) ?? 0;
    if (said !== found)
      report(`${String(data.run_id)} says ${said}, ${found} were sent`, String(data.cron_id), recorded_at);
  }
  return violations;
}
