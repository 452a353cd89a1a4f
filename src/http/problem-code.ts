import type { AccessErrorCode } from '../access/credentials.js';
import type { DomainErrorCode } from '../job/domain-error.js';
import type { StoreErrorCode } from '../ports/store-error.js';
import type { ScheduleErrorCode } from '../schedule/schedule-error.js';

/** The stable codes of problems: programs rely on them. ADR 7 and docs/operations.md list them. */
export type ProblemCode =
  RequestProblemCode | AccessErrorCode | ScheduleErrorCode | DomainErrorCode | StoreErrorCode;

/** Of what is wrong with the request itself, or with the service. */
export type RequestProblemCode =
  | 'invalid_request'
  | 'invalid_json'
  | 'invalid_body'
  | 'invalid_path'
  | 'invalid_http'
  | 'path_not_found'
  | 'method_not_allowed'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'unsupported_header'
  | 'host_not_allowed'
  | 'origin_not_allowed'
  | 'loopback_only'
  | 'forbidden'
  | 'too_many_requests'
  | 'certification_not_found'
  | 'too_many_forecasts'
  | 'too_many_streams'
  | 'too_many_waits'
  | 'internal_error'
  | 'starting'
  | 'reads_behind'
  | 'event_unreadable';
