import { expect, it } from '@jest/globals';
import { RefusedError, type Refusal } from '../../../src/cli/refused-error.js';

it.each<[Refusal, boolean]>([
  [{ status: 400, code: 'never_due' }, true],
  [{ status: 409, code: 'cron_id_taken' }, true],
  [{ status: 412, code: 'precondition_failed' }, true],
  [{ status: 500, code: 'internal_error' }, true],
  [{ status: 503, code: 'event_unreadable' }, true],
  [{ status: 503, code: 'write_contention', retryAfter: 2 }, true],
  [{ status: 503, code: 'store_unavailable', retryAfter: 2 }, false],
  [{ status: 429, code: 'too_many_requests', retryAfter: 60 }, false],
  [{ status: 401, code: 'unauthorized' }, false],
  [{ status: 403, code: 'forbidden' }, false],
  [{ status: 404, code: 'path_not_found' }, false],
  [{ status: 421, code: 'host_not_allowed' }, false],
  [{ status: 500 }, false],
  [{ status: 200 }, false],
  [{ status: 0 }, false],
])('a refusal %j is of one job alone: %s', (refusal, isOfOneJob) => {
  expect(new RefusedError('x', refusal).isOfOneJob).toBe(isOfOneJob);
});
