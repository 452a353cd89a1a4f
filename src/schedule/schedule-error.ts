export type ScheduleErrorCode = 'invalid_cron_expression' | 'invalid_time_zone' | 'never_due';

/** A schedule that cannot be used. `field` names the input that is wrong, `message` says what is allowed. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
  constructor(
    readonly code: ScheduleErrorCode,
    readonly field: 'cron_expression' | 'time_zone',
    message: string,
  ) {
    super(message);
  }
}
