import * as z from 'zod';
import { asDocumented, SOME_TEXT } from './as-documented.js';
import { someText } from './job-fields.js';
import { instant, positive } from './query-text.js';
import { wholeNumber } from './whole-number.js';

/** A point in the history of a job: one of its versions, or a time (epoch milliseconds). */
export type Moment = { version: number } | { instant: number };

const MOST_VERSIONS = 999_999_999;
const MOMENT = 'must be a version such as 17, or an RFC 3339 instant in UTC such as 2026-03-08T07:00:00.000Z';
const REASON = 'must be a text that says why';

const moment: z.ZodType<Moment> = z.union(
  [
    positive(MOST_VERSIONS).transform((version) => ({ version })),
    instant().transform((at) => ({ instant: at })),
  ],
  MOMENT,
);
const reason = someText(REASON)
  .refine((said) => said.trim() !== '', REASON)
  .meta(asDocumented({ type: 'string', maxLength: 1000, pattern: SOME_TEXT }));

/** The bodies and parameters of what looks into the history of a job, and takes it back. */
export const timeTravelRequests = {
  details: z.strictObject({ as_of: moment.optional() }),
  diff: z.strictObject({ from: moment, to: moment.optional() }),
  revert: z.strictObject({ version: wholeNumber(1, MOST_VERSIONS), reason }),
  restore: z.strictObject({ reason }),
};
