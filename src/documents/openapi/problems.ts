import type { ProblemCode } from '../../http/problem-code.js';

/** The status that a problem is sent with, and what its client can do. */
export interface ProblemMeaning {
  /** Several where the code says less than the status. */
  statuses: readonly number[];
  /** Markdown, no sentence. */
  advice: string;
}

const ofStore = (advice: string): ProblemMeaning => ({ statuses: [503], advice });

export const problems: Readonly<Record<ProblemCode, ProblemMeaning>> = {
  invalid_request: { statuses: [400], advice: 'correct the fields that `errors` names' },
  invalid_cron_expression: { statuses: [400], advice: 'correct the expression' },
  invalid_time_zone: { statuses: [400], advice: 'name a zone of the IANA database' },
  never_due: { statuses: [400], advice: 'correct the expression: it has no slot within 5 years' },
  invalid_json: { statuses: [400], advice: 'send a JSON object' },
  invalid_body: { statuses: [400], advice: 'send the whole body, in UTF-8' },
  invalid_path: { statuses: [400], advice: 'send a path in valid percent-encoding' },
  unsupported_header: { statuses: [400], advice: 'leave out the header that `detail` names' },
  invalid_http: { statuses: [400, 408, 431], advice: 'send HTTP, in time and with smaller headers' },
  unauthorized: { statuses: [401], advice: 'show one credential, a valid one' },
  origin_not_allowed: { statuses: [403], advice: 'list the origin of the page in `CORS_ORIGINS`' },
  loopback_only: { statuses: [403], advice: 'ask on the machine of the service, or configure credentials' },
  forbidden: { statuses: [403], advice: 'show a credential with the scope that `detail` names' },
  cron_job_not_found: { statuses: [404], advice: 'check the id; a deleted job can be restored' },
  run_not_found: { statuses: [404], advice: 'check the id, and that it is a run of this job' },
  certification_not_found: { statuses: [404], advice: 'check the id: the registry has no such record' },
  path_not_found: { statuses: [404], advice: 'check the path' },
  method_not_allowed: { statuses: [405], advice: 'use a method of the header `Allow`' },
  run_in_progress: { statuses: [409], advice: 'wait for the run that `run_id` names, or trigger a dry run' },
  run_not_open: { statuses: [409], advice: 'nothing: the run has ended' },
  not_settled_ahead: { statuses: [409], advice: 'nothing: no slot was settled before its time' },
  not_deleted: { statuses: [409], advice: 'nothing: the job is there' },
  too_many_open_runs: {
    statuses: [409],
    advice: 'wait for runs to end: 100 real and 100 dry ones may be open',
  },
  cron_id_taken: { statuses: [409], advice: 'nothing: ids are random, it never happens over REST' },
  precondition_failed: { statuses: [412], advice: 'read the job again: another client has changed it' },
  body_too_large: { statuses: [413], advice: 'send at most 262,144 bytes' },
  unsupported_media_type: { statuses: [415], advice: 'send `application/json` in UTF-8' },
  host_not_allowed: {
    statuses: [421],
    advice: 'call it by another name, or list this one in `ALLOWED_HOSTS`',
  },
  idempotency_key_reused: { statuses: [422], advice: 'send another request under a key of its own' },
  too_many_requests: { statuses: [429], advice: 'wait for the seconds of `Retry-After`' },
  too_many_idempotency_keys: {
    statuses: [429],
    advice: 'send without a key, or wait: a job remembers 1,000 requests of 24 hours',
  },
  internal_error: { statuses: [500], advice: 'report the `request_id`: a fault of the program' },
  starting: { statuses: [503], advice: 'try again: the service is about to be ready' },
  reads_behind: { statuses: [503], advice: 'try again: the read models are being made anew' },
  write_contention: {
    statuses: [503],
    advice: 'try again: others have written the same job again and again',
  },
  credentials_unavailable: { statuses: [503], advice: 'try again: the issuer of tokens is away' },
  too_many_forecasts: { statuses: [503], advice: 'try again: 2 are made at a time' },
  too_many_streams: { statuses: [503], advice: 'try again: 100 are open, or 20 of the sender' },
  too_many_waits: {
    statuses: [503],
    advice: 'try again: 250 requests wait, or 100 of the sender; nothing was done',
  },
  event_unreadable: {
    statuses: [503],
    advice: 'upgrade: a newer version has written the event, or it is damaged',
  },
  store_unavailable: ofStore('try again: a store cannot be reached or is busy'),
  checkpoint_taken: ofStore('try again: another instance goes on from this checkpoint'),
  store_damaged: ofStore('have an operator look at the log of the service'),
  storage_full: ofStore('have an operator make room'),
  storage_read_only: ofStore('have an operator make the files writable'),
  store_refused: ofStore('have an operator look: the store refuses credentials, rights or limits'),
  message_too_large: ofStore('send less at once'),
  store_foreign: ofStore('have an operator look: the files belong to another program'),
  store_newer: ofStore('have an operator upgrade: a newer version has written the files'),
};

/** From every route, before it is looked at what is asked for. */
export const problemsOfAll: readonly ProblemCode[] = [
  'invalid_http',
  'invalid_path',
  'host_not_allowed',
  'origin_not_allowed',
  'method_not_allowed',
  'path_not_found',
  'internal_error',
];

/** From every route that may need a credential. */
export const problemsOfGuarded: readonly ProblemCode[] = [
  'unauthorized',
  'forbidden',
  'too_many_requests',
  'credentials_unavailable',
];

/** From every route of the API: what a body may be, and what a store may do. */
export const problemsOfApi: readonly ProblemCode[] = [
  'invalid_request',
  'invalid_json',
  'invalid_body',
  'unsupported_media_type',
  'body_too_large',
  'starting',
  'reads_behind',
  'store_unavailable',
  'store_refused',
  'store_damaged',
  'storage_full',
  'storage_read_only',
  'checkpoint_taken',
  'message_too_large',
  'store_foreign',
  'store_newer',
];

/** From every write of a job. */
export const problemsOfWrites: readonly ProblemCode[] = [
  'unsupported_header',
  'precondition_failed',
  'idempotency_key_reused',
  'too_many_idempotency_keys',
  'write_contention',
  'event_unreadable',
];
