import { describe, expect, it } from '@jest/globals';
import type { Response } from 'express';
import type { ProblemCode } from '../../../src/http/problem-code.js';
import { problemOf, sendProblem, type Problem } from '../../../src/http/problem.js';
import { RETRY_AFTER_SECONDS } from '../../../src/http/retry-after.js';
import { DomainError, type DomainErrorCode } from '../../../src/job/domain-error.js';
import { StoreError, type StoreErrorCode } from '../../../src/ports/store-error.js';
import { literalsOfType } from '../../tidy/source.js';

/** The headers of a problem as it is sent. */
function sent(problem: Problem): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    status: () => response,
    set: (more: Record<string, string>) => {
      Object.assign(headers, more);
      return response;
    },
    type: () => response,
    send: () => response,
  };
  sendProblem(response as unknown as Response, problem, 'request-1');
  return headers;
}

const codes = Object.keys(RETRY_AFTER_SECONDS) as ProblemCode[];
const never = codes.filter((code) => RETRY_AFTER_SECONDS[code] === null);

describe('each code says whether waiting helps', () => {
  it.each(codes)('%s', (code) => {
    const seconds = RETRY_AFTER_SECONDS[code];
    const headers = sent({ status: 503, code, detail: 'x', headers: { Allow: 'GET' } });
    expect(headers).toEqual({ Allow: 'GET', ...(seconds !== null && { 'Retry-After': String(seconds) }) });
    if (seconds === null) return;
    expect(Number.isInteger(seconds)).toBe(true);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  it('and who knows better says it', () => {
    const problem: Problem = { status: 429, code: 'too_many_requests', detail: 'x' };
    expect(sent(problem)).toEqual({ 'Retry-After': '60' });
    expect(sent({ ...problem, headers: { 'Retry-After': '7' } })).toEqual({ 'Retry-After': '7' });
  });
});

const retryAfterOf = (error: Error): string | undefined => {
  const problem = problemOf(error);
  return problem && sent(problem)['Retry-After'];
};

describe('a 503', () => {
  /** Only someone who replaces a file, a version or a message. */
  const HELPLESS = ['message_too_large', 'store_foreign', 'store_newer'];

  it.each(literalsOfType('src/ports/store-error.ts', 'StoreErrorCode'))('of a store: %s', (code) => {
    const error = new StoreError(code as StoreErrorCode, 'a file');
    expect(problemOf(error)?.status).toBe(503);
    expect(retryAfterOf(error) === undefined).toBe(HELPLESS.includes(code));
  });
});

describe('what the state of a job does not allow', () => {
  const HELPS = ['run_in_progress', 'too_many_idempotency_keys', 'too_many_open_runs', 'write_contention'];

  it.each(literalsOfType('src/job/domain-error.ts', 'DomainErrorCode'))('%s', (code) => {
    const error = new DomainError(code as DomainErrorCode, 'no');
    expect(retryAfterOf(error) !== undefined).toBe(HELPS.includes(code));
    // What is not found, or was refused for good, must not be asked for again.
    expect(never.includes(code as ProblemCode)).toBe(!HELPS.includes(code));
  });
});
