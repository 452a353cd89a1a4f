import * as z from 'zod';
import { jobEvents } from '../events/job-events.js';
import { cursorOf } from './cursor.js';
import { instant, positive } from './job-requests.js';

/** The parameters of the audit: unknown ones are refused, each message says what is allowed. */

export const USUAL_EVENTS = 20;
const MOST_EVENTS = 100;
/** A place in the log has up to 41 characters. */
const LONGEST_KEY = 100;

const TYPES = Object.keys(jobEvents);
const TYPES_MESSAGE = `must be one or several of ${TYPES.join(', ')}, comma-separated`;

const limit = positive('limit', MOST_EVENTS).optional();
const version = z.int().min(1);

export const eventsOfJobQuery = z.strictObject({
  order: z.enum(['asc', 'desc'], 'must be one of asc, desc').default('desc'),
  limit,
  cursor: cursorOf(z.strictObject({ version })).optional(),
});

export const eventsQuery = z.strictObject({
  actor: z
    .string('must be a text of 1 to 200 characters, given once')
    .min(1, 'must not be empty')
    .max(200, 'must have at most 200 characters')
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters or unpaired surrogates')
    .optional(),
  type: z
    .string(TYPES_MESSAGE)
    .transform((text) => text.split(',').map((type) => type.trim()))
    .refine((types) => types.every((type) => TYPES.includes(type)), TYPES_MESSAGE)
    .transform((types) => [...new Set(types)])
    .optional(),
  cron_id: z
    .string('must be "cron-" and 1 to 64 letters or digits')
    .regex(/^cron-[A-Za-z0-9]{1,64}$/, 'must be "cron-" and 1 to 64 letters or digits')
    .optional(),
  from: instant().optional(),
  to: instant().optional(),
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
