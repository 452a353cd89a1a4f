import { parseEvent } from '../events/parse-event.js';
import { jobStream } from '../events/stream-names.js';
import type { RequestKey } from '../job/accept-request.js';
import { DomainError } from '../job/domain-error.js';
import type { AppendedEvent, EventLog } from '../ports/event-log.js';

/**
 * Reads what was done for a request under a key, from the log.
 * @param version of its RequestAccepted
 * @returns the events of its command
 * @throws DomainError idempotency_key_reused when the key was of another request; StoreError
 */
export async function readAccepted(
  log: Pick<EventLog, 'readStream'>,
  cronId: string,
  version: number,
  { key_hash, request_hash }: RequestKey,
): Promise<AppendedEvent[]> {
  const stream = jobStream(cronId);
  const [recorded] = await log.readStream(stream, { direction: 'backwards', from: version, limit: 1 });
  const event = recorded && parseEvent(recorded);
  if (event?.type !== 'RequestAccepted' || event.data.key_hash !== key_hash)
    throw new DomainError('cron_id_taken', `${cronId} exists already`);
  const { events: count, request_hash: accepted, accepted_at } = event.data;
  if (accepted !== request_hash)
    throw new DomainError(
      'idempotency_key_reused',
      `this Idempotency-Key was of another request, at ${accepted_at}: a repeat must be the same, and a new request needs a key of its own`,
    );
  const first = version - count;
  return count === 0 ? [] : log.readStream(stream, { direction: 'forwards', from: first, limit: count });
}
