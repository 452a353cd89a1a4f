import type { CronJob } from '../job/cron-job.js';
import type { JobCommand } from '../job/decide.js';
import { DomainError } from '../job/domain-error.js';
import type { AppendedEvent } from '../ports/event-log.js';
import type { Cause } from './stamp.js';

export interface CommandRequest {
  cronId: string;
  command: JobCommand;
  cause: Cause;
}

export interface Handled {
  /** The job as it is after the command. */
  job: CronJob;
  version: number;
  /** What was appended; none when there was nothing to do. */
  events: AppendedEvent[];
}

/** The result of one of many commands. */
export type HandledResult = PromiseSettledResult<Handled>;

/** @param job as it is after the command; undefined when there is none */
export function succeeded(
  cronId: string,
  job: CronJob | undefined,
  version: number,
  events: AppendedEvent[],
): HandledResult {
  if (job === undefined)
    return failed(new DomainError('cron_job_not_found', `there is no cron job ${cronId}`));
  return { status: 'fulfilled', value: { job, version, events } };
}

export function failed(reason: unknown): HandledResult {
  return { status: 'rejected', reason };
}
