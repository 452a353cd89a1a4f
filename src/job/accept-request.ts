import type { JobEvent } from '../events/parse-event.js';
import { toTimestamp } from '../events/timestamp.js';
import { keptBy } from './accepted-requests.js';
import type { CronJob } from './cron-job.js';
import { DomainError } from './domain-error.js';
import type { JobCommand } from './job-command.js';

type Accepted = Extract<JobEvent, { type: 'RequestAccepted' }>;

/** The state of a job holds them all, and is stored with each of its events. */
export const MOST_REQUESTS = 1_000;
/** So many of each sender are accepted also when others have used up all that there are. */
export const REQUESTS_OF_EACH = 100;
/** The second event of a job that was created under a key. */
const VERSION_OF_CREATED = 2;

/** What tells one request that may be repeated from another: see RequestAccepted. */
export type RequestKey = Pick<Accepted['data'], 'key_hash' | 'request_hash'>;

/**
 * The version of the RequestAccepted that a request repeats; undefined when it is a new one. Pure.
 * @param now epoch milliseconds
 */
export function repeatOf(
  job: CronJob | undefined,
  command: JobCommand,
  { key_hash }: RequestKey,
  now: number,
): number | undefined {
  // The id of such a job follows from the key, so the job itself is the proof, for as long as there is the log.
  if (command.type === 'ScheduleCronJob') return job === undefined ? undefined : VERSION_OF_CREATED;
  return job && acceptedUnder(job, key_hash, now);
}

/**
 * The version of the RequestAccepted that a job remembers under a key; undefined when there is none. Pure.
 * @param now epoch milliseconds
 */
export function acceptedUnder({ requests }: CronJob, key_hash: string, now: number): number | undefined {
  return keptBy(requests, now).findLast((request) => request.key_hash === key_hash)?.version;
}

/**
 * What is recorded of a request that is not a repeat, behind the events of its command. Pure.
 * @param job after them
 * @param actor who has sent it
 * @param now epoch milliseconds
 * @throws DomainError too_many_idempotency_keys
 */
export function acceptRequest(
  job: CronJob,
  key: RequestKey,
  { actor, events, now }: { actor: string; events: number; now: number },
): Accepted {
  const { cron_id, last_event_at, requests } = job;
  const kept = keptBy(requests, now);
  const own = kept.filter((request) => request.actor === actor).length;
  if (kept.length >= MOST_REQUESTS && own >= REQUESTS_OF_EACH)
    throw new DomainError(
      'too_many_idempotency_keys',
      `${cron_id} has had ${kept.length} requests with a key within 24 hours, ${own} of them from this sender, and remembers no more; try again later`,
    );
  const accepted_at = toTimestamp(Math.max(now, last_event_at));
  return { type: 'RequestAccepted', data: { cron_id, ...key, events, accepted_at } };
}
