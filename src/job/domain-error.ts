export type DomainErrorCode =
  | 'cron_job_not_found'
  | 'cron_id_taken'
  | 'run_in_progress'
  | 'run_not_found'
  | 'run_not_open'
  | 'too_many_open_runs'
  | 'not_settled_ahead'
  | 'not_deleted'
  | 'precondition_failed'
  | 'idempotency_key_reused'
  | 'too_many_idempotency_keys'
  | 'write_contention';

export type DomainErrorKind =
  | 'not_found'
  | 'conflict'
  | 'busy'
  /** What the client has said of the job does not hold. */
  | 'precondition'
  /** The same name for two things. */
  | 'unprocessable'
  | 'too_many';

const kinds: Record<DomainErrorCode, DomainErrorKind> = {
  cron_job_not_found: 'not_found',
  cron_id_taken: 'conflict',
  run_in_progress: 'conflict',
  run_not_found: 'not_found',
  run_not_open: 'conflict',
  not_settled_ahead: 'conflict',
  not_deleted: 'conflict',
  too_many_open_runs: 'conflict',
  precondition_failed: 'precondition',
  idempotency_key_reused: 'unprocessable',
  too_many_idempotency_keys: 'too_many',
  write_contention: 'busy',
};

/** A command that the state of the job does not allow. `code` is stable; `details` are facts for the client. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly kind: DomainErrorKind;
  constructor(
    readonly code: DomainErrorCode,
    message: string,
    readonly details: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.kind = kinds[code];
  }
}

/** @param isDeleted there was one: a client that sees its id elsewhere should learn what has become of it */
export function noSuchJob(cronId: string, isDeleted: boolean): DomainError {
  const message = isDeleted
    ? `${cronId} is deleted; POST /${cronId}/restore brings it back`
    : `there is no cron job ${cronId}`;
  return new DomainError('cron_job_not_found', message);
}

/** What the command was given of the job is not what there is: its sender reads again. */
export function hasMoved(cronId: string): DomainError {
  return new DomainError('write_contention', `${cronId} has changed since it was read; try again`);
}
