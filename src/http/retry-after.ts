import type { ProblemCode } from './problem-code.js';

/**
 * Seconds after which asking again may help, by the code of the problem: short where the service or other requests decide
 * it, longer where someone must mend something first; null where the same request never gets another answer by waiting.
 */
export const RETRY_AFTER_SECONDS: Readonly<Record<ProblemCode, number | null>> = {
  // Of the request itself: it has to become another one.
  invalid_request: null,
  invalid_json: null,
  invalid_body: null,
  invalid_path: null,
  invalid_http: null,
  invalid_cron_expression: null,
  invalid_time_zone: null,
  never_due: null,
  path_not_found: null,
  method_not_allowed: null,
  body_too_large: null,
  unsupported_media_type: null,
  unsupported_header: null,
  host_not_allowed: null,
  origin_not_allowed: null,
  loopback_only: null,
  unauthorized: null,
  forbidden: null,
  cron_job_not_found: null,
  run_not_found: null,
  certification_not_found: null,
  cron_id_taken: null,
  run_not_open: null,
  not_settled_ahead: null,
  not_deleted: null,
  precondition_failed: null,
  idempotency_key_reused: null,
  // Of what is under way: runs, other requests, a start.
  run_in_progress: 5,
  too_many_open_runs: 5,
  // Where the rate is refused, the end of the minute is known, and said instead.
  too_many_requests: 60,
  too_many_forecasts: 2,
  too_many_streams: 10,
  too_many_waits: 5,
  write_contention: 2,
  // A place becomes free when the oldest key is a day old.
  too_many_idempotency_keys: 60,
  starting: 1,
  reads_behind: 2,
  // Nobody asks the issuer for so long after a failure.
  credentials_unavailable: 2,
  // Of the stores.
  store_unavailable: 2,
  checkpoint_taken: 2,
  // Read models are made anew by themselves, a log is not.
  store_damaged: 10,
  storage_full: 30,
  storage_read_only: 30,
  store_refused: 30,
  message_too_large: null,
  // Only another version or another file helps.
  store_foreign: null,
  store_newer: null,
  event_unreadable: null,
  // A fault of the program: it may be there each time.
  internal_error: null,
};
