import * as z from 'zod';
import { CERTIFICATION_STATUSES, type Certification } from '../ports/certification-registry.js';

export const MOST_LABELS = 20;

const id = text(200);
const label = text(128);
const date = z.iso.date('must be a date that exists (YYYY-MM-DD)');
/** A longer list is refused before its elements are looked at: each of them would have a reason of its own. */
const labelList = z
  .custom<readonly unknown[]>(
    (value) => Array.isArray(value) && value.length <= MOST_LABELS,
    `must be a list of up to ${MOST_LABELS} texts`,
  )
  // In documents.
  .meta({ type: 'array', maxItems: MOST_LABELS, items: { type: 'string', minLength: 1, maxLength: 128 } });

/**
 * One record of the registry, from any source, and as stored. Unknown fields are dropped. An optional field that is
 * missing or null has its default; a wrong one makes the record unreadable. Texts stay as they are, blanks too.
 * Compiled, since a check reads each record with it: that takes less than half of the time.
 */
export const certificationSchema = z.compile(
  z.object(
    {
      certification_id: id,
      mentor_id: id,
      // Fractions of a second may have any number of digits.
      expires_at: z.union([z.iso.date(), z.iso.datetime({ offset: true }).max(40)], {
        error:
          'must be a date that exists (YYYY-MM-DD) or an instant (RFC 3339, such as 2027-01-31T10:00:00Z)',
      }),
      type: label.nullish().transform((type) => type ?? null),
      labels: labelList
        .pipe(z.array(label))
        .nullish()
        .transform((labels) => [...new Set(labels)]),
      status: z
        .enum(CERTIFICATION_STATUSES, 'must be active, suspended or withdrawn')
        .nullish()
        .transform((status) => status ?? 'active'),
      renewable_from: date.nullish().transform((renewable) => renewable ?? null),
    },
    'must be an object with certification_id, mentor_id, expires_at',
  ) satisfies z.ZodType<Certification>,
  { strict: true },
);

function text(most: number) {
  return (
    z
      .string(`must be a text of 1 to ${most} characters`)
      .min(1, 'must not be empty')
      .max(most, `must have at most ${most} characters`)
      .regex(/^\P{Cc}*$/u, 'must not contain control characters')
      // Half a character has no form in UTF-8: each store would change it in a way of its own.
      .regex(/^\P{Cs}*$/u, 'must not contain unpaired surrogates')
  );
}
