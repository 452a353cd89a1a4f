import * as z from 'zod';
import { cursorOf } from './cursor.js';
import { eventTypes } from './event-types.js';
import { CRON_ID } from './parse-request.js';
import { instant, oneOf, plainText, positive } from './query-text.js';

/** The parameters of the audit: unknown ones are refused, each message says what is allowed. */

export const USUAL_EVENTS = 20;
const MOST_EVENTS = 100;
/** A place in the log has up to 41 characters. */
const LONGEST_KEY = 100;

const limit = positive(MOST_EVENTS, USUAL_EVENTS).optional();
const version = z.int().min(1);

export const eventsOfJobQuery = z.strictObject({
  order: oneOf(['asc', 'desc']).default('desc'),
  limit,
  cursor: cursorOf(z.strictObject({ version })).optional(),
});

export const eventsQuery = z.strictObject({
  actor: plainText(200).optional(),
  type: eventTypes.optional(),
  cron_id: z
    .string('must be "cron-" and 1 to 64 letters or digits')
    .regex(CRON_ID, 'must be "cron-" and 1 to 64 letters or digits')
    .optional(),
  from: instant('up').optional(),
  to: instant('up').optional(),
  limit,
  cursor: cursorOf(
    z.union([
      z.strictObject({
        key: z
          .string()
          .min(1)
          .max(LONGEST_KEY)
          .regex(/^[0-9a-z-]+$/),
      }),
      z.strictObject({ version }),
    ]),
  ).optional(),
});

export type EventsQuery = z.infer<typeof eventsQuery>;
