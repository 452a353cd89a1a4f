import { jobStream } from '../events/stream-names.js';
import type { EventLog } from '../ports/event-log.js';
import { printable } from './printable.js';

/**
 * For a job that was named: a wrong id must not look like a job without events.
 * @throws an error when the log has never had such a job; StoreError
 */
export async function assertJob(log: Pick<EventLog, 'readStream'>, cronId: string): Promise<void> {
  const events = await log.readStream(jobStream(cronId), { direction: 'forwards', limit: 1 });
  if (events.length === 0) throw noSuchJob(cronId);
}

export function noSuchJob(cronId: string): Error {
  return new Error(`there has never been a cron job ${printable(cronId)}`);
}
