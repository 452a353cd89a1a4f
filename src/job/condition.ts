import type { CronJob } from './cron-job.js';
import { DomainError } from './domain-error.js';

/** What must hold of a job for a command to be carried out (RFC 9110, section 13.1). */
export type Condition =
  /** It was last changed by a client at one of these versions. */
  | { configVersions: readonly number[] }
  /** It is there, or it is not: a deleted one is not. */
  | { exists: boolean };

/**
 * @param job before the command; the deleted one when it is to be brought back
 * @throws DomainError precondition_failed
 */
export function assertHolds(condition: Condition, cronId: string, job: CronJob | undefined): void {
  if ('exists' in condition) {
    const exists = job !== undefined && !job.deleted;
    if (exists === condition.exists) return;
    throw new DomainError('precondition_failed', `${cronId} ${exists ? 'is there already' : 'is not there'}`);
  }
  if (job === undefined) throw new DomainError('precondition_failed', `${cronId} is not there`);
  const { config_version } = job;
  if (condition.configVersions.includes(config_version)) return;
  throw new DomainError(
    'precondition_failed',
    `${cronId} was changed meanwhile: its ETag is "${config_version}"`,
  );
}
