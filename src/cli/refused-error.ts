export interface Refusal {
  /** Of HTTP; 0 when there was no answer. */
  status: number;
  /** Of the problem; undefined for what is no answer of this service, such as one of a proxy. */
  code?: string | undefined;
  /** Seconds after which the service wants to be asked again. */
  retryAfter?: number | undefined;
}

/** What is wrong with the job that was sent, or what others do to it at the same time. */
const STATUSES_OF_ONE_JOB = [400, 409, 412, 413, 422, 500];
const CODES_OF_ONE_JOB = ['write_contention', 'event_unreadable', 'message_too_large'];

/** A service has refused a request, or has not answered. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(
    message: string,
    readonly refusal: Refusal,
  ) {
    super(message);
  }

  /** Whether another job may fare better: not so with a wrong credential or address, or while the service is away. */
  get isOfOneJob(): boolean {
    const { status, code } = this.refusal;
    return code !== undefined && (STATUSES_OF_ONE_JOB.includes(status) || CODES_OF_ONE_JOB.includes(code));
  }
}
