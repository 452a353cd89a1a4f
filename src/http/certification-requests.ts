import * as z from 'zod';
import { CERTIFICATION_STATUSES } from '../ports/certification-registry.js';
import { asDocumented } from './as-documented.js';
import { cursorOf } from './cursor.js';
import { oneOf, plainText, positive, wholeNumberText, yesOrNo } from './query-text.js';

/** The parameters of what names mentors: unknown ones are refused, each message says what is allowed. */

const MOST_ROWS = 100;
export const USUAL_ROWS = 20;
/** A hundred years. */
const MOST_DAYS = 36_500;

export const forecastDate = z
  .string('must be a date')
  .regex(/^(?:19[7-9]|20\d|210)\d-/, { error: 'must be a date in the years 1970 to 2109', abort: true })
  .check(z.iso.date('must be a date that exists (YYYY-MM-DD)'))
  .meta(asDocumented({ type: 'string', format: 'date', pattern: '^(19[7-9]|20[0-9]|210)[0-9]-' }));

const stored = z.string().regex(/^\P{Cs}*$/u);
/** Of a list by mentor_id and then certification_id. */
const personPlace = z.strictObject({ mentor_id: stored, certification_id: stored });

/** Left out: 20 rows as JSON, all of them as CSV. */
const limit = positive(MOST_ROWS).optional();
const format = oneOf(['json', 'csv']).default('json');

export const forecastQuery = z.strictObject({
  on: forecastDate.optional(),
  limit,
  cursor: cursorOf(personPlace.extend({ on: forecastDate })).optional(),
  format,
});

export const remindersQuery = z.strictObject({ limit, cursor: cursorOf(personPlace).optional(), format });

export const certificationsQuery = z.strictObject({
  expires_within: wholeNumberText(0, MOST_DAYS).optional(),
  expired: yesOrNo().optional(),
  type: plainText(200).optional(),
  label: plainText(200).optional(),
  status: oneOf(CERTIFICATION_STATUSES).optional(),
  mentor_id: plainText(200).optional(),
  sort: oneOf(['expires_at', '-expires_at']).default('expires_at'),
  limit,
  cursor: cursorOf(z.strictObject({ expires_day: z.int(), certification_id: stored })).optional(),
  format,
});

export type CertificationsQuery = z.infer<typeof certificationsQuery>;

/** An id that no record can have is answered like one that none has. */
export const certificationId = plainText(200);
