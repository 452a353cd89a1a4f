import * as z from 'zod';

const id = z
  .string('must be a text of 1 to 200 characters')
  .min(1, 'must not be empty')
  .max(200, 'must have at most 200 characters')
  .regex(/^\P{Cc}*$/u, 'must not contain control characters')
  // Half a character has no form in UTF-8: each store would change it in a way of its own.
  .regex(/^\P{Cs}*$/u, 'must not contain unpaired surrogates');

/** One record of the registry, from any source. Unknown fields are dropped. */
export const certificationSchema = z.object(
  {
    certification_id: id,
    mentor_id: id,
    // Fractions of a second may have any number of digits.
    expires_at: z.union([z.iso.date(), z.iso.datetime({ offset: true }).max(40)], {
      error: 'must be a date that exists (YYYY-MM-DD) or an instant (RFC 3339, such as 2027-01-31T10:00:00Z)',
    }),
  },
  'must be an object with certification_id, mentor_id, expires_at',
);
