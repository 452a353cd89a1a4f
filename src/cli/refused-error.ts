export interface Refusal {
  /** Of HTTP; 0 when there was no answer. */
  status: number;
  /** Of the problem; undefined for what is no answer of this service, such as one of a proxy. */
  code?: string | undefined;
  /** Seconds after which the service wants to be asked again. */
  retryAfter?: number | undefined;
}

/** A service has refused a request, or has not answered. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(
    message: string,
    readonly refusal: Refusal,
  ) {
    super(message);
  }
}
