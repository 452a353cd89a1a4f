import type { Response } from 'express';
import type { Cause } from '../commands/stamp.js';
import { principalOf } from './principal-of.js';
import { requestIdOf } from './request-id.js';
import { traceparentOf } from './trace-of.js';

/**
 * Why the events of a request are there: who has sent it, the id under which it is found in the log lines, and the trace
 * that it was part of.
 */
export function causeOf(response: Response): Cause {
  const traceparent = traceparentOf(response);
  return {
    actor: principalOf(response).actor,
    correlation_id: requestIdOf(response),
    causation_id: null,
    ...(traceparent !== undefined && { traceparent }),
  };
}
