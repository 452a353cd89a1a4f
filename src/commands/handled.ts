import type { CronJob } from '../job/cron-job.js';
import { DomainError } from '../job/domain-error.js';
import type { AppendedEvent } from '../ports/event-log.js';
import type { Decision } from './decide-batch.js';

export interface Handled {
  /** The job as it is after the command. */
  job: CronJob;
  version: number;
  /** The version of the RequestAccepted that the request repeats, when it does: it was carried out then. */
  repeats?: number;
  /** What was appended; none when there was nothing to do. */
  events: AppendedEvent[];
  /** What was appended together with them, for other commands of the same job. */
  appendedTogether: readonly AppendedEvent[];
}

/** The result of one of many commands. */
export type HandledResult = PromiseSettledResult<Handled>;

/**
 * The results of commands that were decided, in their order.
 * @param appended what they have led to, all of it, in that order
 */
export function resultsOf(
  { cronId, version, decisions }: { cronId: string; version: number; decisions: readonly Decision[] },
  appended: readonly AppendedEvent[],
): HandledResult[] {
  let at = 0;
  return decisions.map((decision) => {
    if ('error' in decision) return { status: 'rejected', reason: decision.error };
    const events = appended.slice(at, at + decision.events.length);
    at += events.length;
    const { job, repeats } = decision;
    if (job === undefined) return { status: 'rejected', reason: notFound(cronId) };
    return {
      status: 'fulfilled',
      value: {
        job,
        version: version + at,
        ...(repeats !== undefined && { repeats }),
        events,
        appendedTogether: appended,
      },
    };
  });
}

function notFound(cronId: string): DomainError {
  return new DomainError('cron_job_not_found', `there is no cron job ${cronId}`);
}
