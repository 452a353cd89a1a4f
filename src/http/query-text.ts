import * as z from 'zod';
import { fromTimestamp } from '../events/timestamp.js';
import { END_OF_PREVIEWS } from '../schedule/local-times.js';
import { FIRST_INSTANT } from '../schedule/zone-offsets.js';
import { asDocumented } from './as-documented.js';

/** Parameters of queries: they come as texts, and each message says what is allowed. */

/** Conversions cut off what is finer than a millisecond. */
const FINER = /\.\d{3}\d*[1-9]/;

/** @param usual what it is where it is left out, for documents alone */
export function positive(maximum: number, usual?: number) {
  return wholeNumberText(1, maximum, usual);
}

export function wholeNumberText(minimum: number, maximum: number, usual?: number) {
  const message = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .string({ error: message })
    .regex(/^\d{1,9}$/, { error: message, abort: true })
    .transform(Number)
    .pipe(z.number().min(minimum, message).max(maximum, message))
    .meta(
      asDocumented({ type: 'integer', minimum, maximum, ...(usual !== undefined && { default: usual }) }),
    );
}

export function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, `must be one of ${values.join(', ')}`);
}

export function yesOrNo() {
  return oneOf(['true', 'false'])
    .transform((given) => given === 'true')
    .meta(asDocumented({ type: 'boolean' }));
}

/** What no record has need not be looked for. */
export function plainText(most: number) {
  const message = `must be a text of 1 to ${most} characters, given once`;
  return z
    .string(message)
    .min(1, message)
    .max(most, message)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters or unpaired surrogates');
}

/**
 * Also in bodies. Many languages write UTC as an offset of zero.
 * @param finer what becomes of an instant within a millisecond. What is shown has whole ones: so `up` for a bound that is
 * part of what is asked for, or the first that is not
 * @returns epoch milliseconds
 */
export function instant(finer: 'up' | 'down' = 'down') {
  const message =
    'must be an RFC 3339 instant in UTC such as 2026-03-08T07:00:00Z, in the years 1970 to 2100';
  return z
    .string(message)
    .regex(/^.{10}T\d\d:\d\d:\d\d[.\d]*(Z|\+00:00)$/, { error: message, abort: true })
    .check(z.iso.datetime({ offset: true, error: message, abort: true }))
    .transform((text) => fromTimestamp(text) + (finer === 'up' && FINER.test(text) ? 1 : 0))
    .refine((at) => at >= FIRST_INSTANT * 1000 && at < END_OF_PREVIEWS, message)
    .meta(
      asDocumented({
        type: 'string',
        format: 'date-time',
        pattern:
          '^(19[7-9][0-9]|20[0-9]{2}|2100)-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9](\\.[0-9]+)?(Z|\\+00:00)$',
        description: 'in UTC, ends with Z or +00:00; in the years 1970 to 2100',
      }),
    );
}
