import * as z from 'zod';
import { asDocumented } from './as-documented.js';

const LONGEST_SECONDS = 60;
const message = `must be a whole number of seconds from 0 to ${LONGEST_SECONDS}`;

/** How long a request waits for a run to end, as a query parameter has it; 0 when there is none. */
export const waitSeconds = z
  .string({ error: message })
  .regex(/^\d{1,2}$/, { error: message, abort: true })
  .transform(Number)
  .pipe(z.number().max(LONGEST_SECONDS, message))
  .default(0)
  .meta(asDocumented({ type: 'integer', minimum: 0, maximum: LONGEST_SECONDS, default: 0 }));
