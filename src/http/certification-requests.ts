import * as z from 'zod';
import { CERTIFICATION_STATUSES } from '../ports/certification-registry.js';
import { cursorOf } from './cursor.js';

/** The parameters of what names mentors: unknown ones are refused, each message says what is allowed. */

const MOST_ROWS = 100;
export const USUAL_ROWS = 20;
/** A hundred years. */
const MOST_DAYS = 36_500;

export const forecastDate = z
  .string('must be a date')
  .regex(/^(?:19[7-9]|20\d|210)\d-/, { error: 'must be a date in the years 1970 to 2109', abort: true })
  .check(z.iso.date('must be a date that exists (YYYY-MM-DD)'));

/** What no record has need not be looked for. */
const text = z
  .string('must be a text of 1 to 200 characters, given once')
  .min(1, 'must not be empty')
  .max(200, 'must have at most 200 characters')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters or unpaired surrogates');

const stored = z.string().regex(/^\P{Cs}*$/u);
/** Of a list by mentor_id and then certification_id. */
const personPlace = z.strictObject({ mentor_id: stored, certification_id: stored });

/** Left out: 20 rows as JSON, all of them as CSV. */
const limit = wholeNumber(1, MOST_ROWS).optional();
const format = oneOf(['json', 'csv']).default('json');

export const forecastQuery = z.strictObject({
  on: forecastDate.optional(),
  limit,
  cursor: cursorOf(personPlace.extend({ on: forecastDate })).optional(),
  format,
});

export const remindersQuery = z.strictObject({ limit, cursor: cursorOf(personPlace).optional(), format });

export const certificationsQuery = z.strictObject({
  expires_within: wholeNumber(0, MOST_DAYS).optional(),
  expired: oneOf(['true', 'false'])
    .transform((given) => given === 'true')
    .optional(),
  type: text.optional(),
  label: text.optional(),
  status: oneOf(CERTIFICATION_STATUSES).optional(),
  mentor_id: text.optional(),
  sort: oneOf(['expires_at', '-expires_at']).default('expires_at'),
  limit,
  cursor: cursorOf(z.strictObject({ expires_day: z.int(), certification_id: stored })).optional(),
  format,
});

export type CertificationsQuery = z.infer<typeof certificationsQuery>;

/** An id that no record can have is answered like one that none has. */
export const certificationId = text;

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, `must be one of ${values.join(', ')}`);
}

function wholeNumber(minimum: number, maximum: number) {
  const message = `must be a whole number from ${minimum} to ${maximum}`;
  return z
    .string({ error: message })
    .regex(/^\d{1,9}$/, { error: message, abort: true })
    .transform(Number)
    .pipe(z.number().min(minimum, message).max(maximum, message));
}
