import { randomUUID } from 'node:crypto';
import { toMessages } from '../../../src/messaging/to-messages.js';
import type { OutgoingMessage } from '../../../src/ports/message-bus.js';

export interface AskedFor {
  certification: string;
  mentor: string;
  run: string;
  eventId?: string;
  expires_at?: string;
  threshold_days?: number;
  type?: string | null;
  requested_at?: string;
}

const CRON = 'cron-1';
let position = 0;

/** As the service publishes a reminder: in the topic of all events, and in the one of reminders. */
export function reminderMessages(asked: AskedFor): OutgoingMessage[] {
  const { certification, mentor, run, eventId = randomUUID(), threshold_days = 7 } = asked;
  return messagesOf('ReminderRequested', `certificationReminder-${certification}`, eventId, {
    cron_id: CRON,
    run_id: run,
    mentor_id: mentor,
    certification_id: certification,
    type: asked.type === undefined ? 'first-aid' : asked.type,
    expires_at: asked.expires_at ?? '2026-12-02',
    threshold_days,
    days_left: threshold_days,
    requested_at: asked.requested_at ?? new Date().toISOString(),
  });
}

export function runCompletedMessages(
  run: string,
  status: 'success' | 'failed' = 'success',
): OutgoingMessage[] {
  return messagesOf('RunCompleted', `cronJob-${CRON}`, randomUUID(), {
    cron_id: CRON,
    run_id: run,
    status,
    result: null,
    error: status === 'success' ? null : { code: 'cancelled', message: 'the job was deleted' },
    completed_at: new Date().toISOString(),
  });
}

function messagesOf(
  type: string,
  stream: string,
  id: string,
  data: Record<string, unknown>,
): OutgoingMessage[] {
  position += 1;
  const recorded = {
    id,
    type,
    stream,
    version: 1,
    position: String(position).padStart(19, '0'),
    recorded_at: new Date().toISOString(),
    data,
    metadata: { actor: 'worker', correlation_id: 'test', causation_id: null, schema_version: 2 },
  };
  return toMessages(recorded, { batchAfter: '' });
}
