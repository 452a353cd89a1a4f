import * as z from 'zod';
import { MOST_REMINDERS } from '../expiry-check/reminder-limit.js';
import { asDocumented, ONE_LINE } from './as-documented.js';
import { wholeNumber } from './whole-number.js';

const MOST_THRESHOLDS = 20;
const MOST_DAYS = 9_999;
const MOST_OF_A_SELECTION = 100;
/** It stands in each run, and in the state of the job once for each that is open. */
const MOST_BYTES_OF_A_SELECTION = 4_096;

const term = z
  .string('must be a text of 1 to 128 characters')
  .min(1, 'must be a text of 1 to 128 characters')
  .max(128, 'must be a text of 1 to 128 characters')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters or unpaired surrogates');

/** How documents say it of a label, a type or a part of a list, which is checked in code. */
export const termDocumented = {
  type: 'string',
  minLength: 1,
  maxLength: 128,
  pattern: ONE_LINE,
};

// The order means nothing: sorted, an equal selection is the same and changes nothing.
const terms = distinct('texts', MOST_OF_A_SELECTION, term)
  .transform((texts) => texts.toSorted())
  .meta(documentedList(MOST_OF_A_SELECTION, termDocumented))
  .nullable();

/**
 * The fields of a job that decide whom its runs remind. Their order and the two ways to say nothing (null, left out)
 * are made one, so what means the same is stored the same.
 */
export const ruleFields = {
  reminder_thresholds: distinct('whole numbers of days', MOST_THRESHOLDS, wholeNumber(-MOST_DAYS, MOST_DAYS))
    // Minus zero is no number of its own.
    .transform((days) => days.map((day) => day + 0).sort((a, b) => b - a))
    .meta(documentedList(MOST_THRESHOLDS, { type: 'integer', minimum: -MOST_DAYS, maximum: MOST_DAYS }))
    .nullable(),
  select: z
    .strictObject(
      { types: terms.optional(), labels: terms.optional() },
      {
        error: ({ code }) =>
          code === 'unrecognized_keys'
            ? 'is not known; allowed: types, labels'
            : 'must be null, or an object with types, labels or both',
      },
    )
    .transform(({ types = null, labels = null }) =>
      types === null && labels === null ? null : { types, labels },
    )
    .refine(
      (select) => Buffer.byteLength(JSON.stringify(select)) <= MOST_BYTES_OF_A_SELECTION,
      `must have at most ${MOST_BYTES_OF_A_SELECTION} bytes as JSON`,
    )
    .nullable(),
  max_reminders: wholeNumber(0, MOST_REMINDERS).nullable(),
};

const MOST_LABELS = 20;

/** What a job is found by. The order means nothing, and a label counts once. */
export const labelsField = z
  .custom<readonly unknown[]>(
    (value) => Array.isArray(value) && value.length <= MOST_LABELS,
    `must be a list of up to ${MOST_LABELS} texts`,
  )
  .pipe(z.array(term))
  .transform((labels) => [...new Set(labels)].sort())
  .meta(asDocumented({ type: 'array', maxItems: MOST_LABELS, items: termDocumented }));

/** So many reminders are let through by one run, in place of `max_reminders`. */
export const confirmedReminders = wholeNumber(1, MOST_REMINDERS);

/** A longer list is refused before its elements are looked at: each of them would be an error of its own. */
function distinct<T extends string | number>(what: string, most: number, element: z.ZodType<T>) {
  const message = `must be null, or a list of 1 to ${most} ${what}, each once`;
  return z
    .array(z.unknown(), message)
    .min(1, message)
    .max(most, message)
    .pipe(z.array(element).refine((values) => new Set(values).size === values.length, message));
}

function documentedList(most: number, items: object) {
  return asDocumented({ type: 'array', minItems: 1, maxItems: most, uniqueItems: true, items });
}
