/** What people call a problem, by its code. Those that it does not name have a detail that says enough. */
export const PROBLEM_TITLES: Readonly<Record<string, string>> = {
  unreachable: 'The service cannot be reached',
  starting: 'The service is starting',
  reads_behind: 'The lists are being made anew',
  store_unavailable: 'A database does not answer',
  forbidden: 'Your credential does not allow this',
  loopback_only: 'Not from here',
  too_many_requests: 'Too many requests',
  cron_job_not_found: 'There is no such job',
  run_not_found: 'There is no such run',
  certification_not_found: 'There is no such certification',
  run_in_progress: 'A run is open',
  run_not_open: 'The run has ended',
  precondition_failed: 'Somebody else has changed it meanwhile',
  idempotency_key_reused: 'It was sent before, has arrived, and was done',
};
