import { z } from 'zod';

const id = z
  .string('must be a text')
  .min(1, 'must not be empty')
  .max(1_000, 'must have at most 1000 characters');
const instant = z.iso.datetime({ offset: true, error: 'must be an instant (RFC 3339)' });
const whole = z.number('must be a whole number').int('must be a whole number');

const reminderSchema = z.object({
  cron_id: id,
  run_id: id,
  mentor_id: id,
  certification_id: id,
  type: z.string('must be a text').nullable().default(null),
  expires_at: z.union([z.iso.date(), instant], 'must be a date or an instant'),
  threshold_days: whole,
  days_left: whole,
  requested_at: instant,
});

const runCompletedSchema = z.object({ cron_id: id, run_id: id, completed_at: instant });

/** @typedef {z.infer<typeof reminderSchema>} Reminder */
/** @typedef {{ key: Buffer | null, value: Buffer | null, headers?: import('kafkajs').IHeaders | undefined }} Message */
/**
 * @typedef {{ kind: 'reminder', eventId: string, reminder: Reminder }
 *   | { kind: 'run completed', runId: string }
 *   | { kind: 'other' }} ReadMessage
 */

/** A message that can never be understood, however often it is read. */
export class BadMessageError extends Error {
  name = 'BadMessageError';
}

/**
 * What a message of certification-cron says: a CloudEvent in binary mode, attributes in headers. A repeat
 * is read as any other: its `ce_id` tells.
 * @param {Message} message
 * @returns {ReadMessage}
 * @throws {BadMessageError} whose text names each field and what is allowed
 */
export function readMessage(message) {
  switch (needed(message, 'ce_type')) {
    case 'certification-cron.ReminderRequested':
      if (header(message, 'ce_truncated') === 'true') {
        const position = header(message, 'ce_logposition');
        throw new BadMessageError(`was cut to fit into its topic; the log has all of it at ${position}`);
      }
      return {
        kind: 'reminder',
        eventId: needed(message, 'ce_id'),
        reminder: parse(reminderSchema, message),
      };
    case 'certification-cron.RunCompleted':
      return { kind: 'run completed', runId: parse(runCompletedSchema, message).run_id };
    default:
      return { kind: 'other' };
  }
}

/** @param {Message} message @param {string} name */
function header({ headers }, name) {
  const value = headers?.[name];
  return (Array.isArray(value) ? value.at(-1) : value)?.toString();
}

/** @param {Message} message @param {string} name */
function needed(message, name) {
  const value = header(message, name) ?? '';
  if (value === '') throw new BadMessageError(`header ${name} is missing`);
  if (value.length > 1_000) throw new BadMessageError(`header ${name} must have at most 1000 characters`);
  return value;
}

/**
 * @template {z.ZodType} S
 * @param {S} schema
 * @param {Message} message
 * @returns {z.infer<S>}
 */
function parse(schema, { value }) {
  if (value === null) throw new BadMessageError('value is missing');
  let json;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value));
  } catch {
    throw new BadMessageError('value is no JSON in UTF-8');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'value'} ${message}`);
  throw new BadMessageError(reasons.join('; '));
}
