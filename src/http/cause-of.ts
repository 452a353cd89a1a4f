import type { Response } from 'express';
import type { Cause } from '../commands/stamp.js';
import { principalOf } from './principal-of.js';
import { requestIdOf } from './request-id.js';

/** Why the events of a request are there: who has sent it, and the id under which it is found in the log lines. */
export function causeOf(response: Response): Cause {
  return {
    actor: principalOf(response).actor,
    correlation_id: requestIdOf(response),
    causation_id: null,
  };
}
