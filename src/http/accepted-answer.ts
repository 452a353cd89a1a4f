import { parseEvent } from '../events/parse-event.js';
import { jobStream } from '../events/stream-names.js';
import type { JobHistory } from '../history/job-history.js';
import { jobOf } from '../history/job-of.js';
import type { RequestKey } from '../job/accept-request.js';
import type { CronJob } from '../job/cron-job.js';
import { DomainError } from '../job/domain-error.js';
import type { AppendedEvent, EventLog } from '../ports/event-log.js';
import type { JobDocument } from '../ports/read-models.js';

export interface AcceptedDependencies {
  log: Pick<EventLog, 'readStream'>;
  history: Pick<JobHistory, 'stateAt'>;
}

/** What a request under a key has led to, as it was then: whatever has happened since, its answer is the same. */
export interface Accepted {
  job: CronJob;
  version: number;
  /** Of its command. */
  events: AppendedEvent[];
  document: JobDocument;
}

/**
 * Reads what was done for a request, from the log.
 * @param version of its RequestAccepted
 * @throws DomainError idempotency_key_reused when the key was of another request; StoreError
 */
export async function readAccepted(
  { log, history }: AcceptedDependencies,
  cronId: string,
  version: number,
  key: RequestKey,
): Promise<Accepted> {
  const events = await readAcceptedEvents(log, cronId, version, key);
  const document = await history.stateAt(cronId, version);
  if (document === undefined) throw new Error(`${cronId} was not there at version ${version}`);
  return { job: jobOf(document), version, events, document };
}

/** Reads the events of its command alone, likewise. */
export async function readAcceptedEvents(
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
  const from = version - count;
  return count === 0 ? [] : log.readStream(stream, { direction: 'forwards', from, limit: count });
}
