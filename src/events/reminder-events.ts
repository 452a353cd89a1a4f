import * as z from 'zod';
import { defineEvent } from './event-definition.js';
import { timestampSchema } from './timestamp.js';

const reminderRequested = z.object({
  cron_id: z.string(),
  run_id: z.string(),
  mentor_id: z.string(),
  certification_id: z.string(),
  /** Null in version 1, and where the record has none. */
  type: z.string().nullable(),
  expires_at: z.string(),
  /** Days before the expiry; negative for one that is due after it. */
  threshold_days: z.number().int(),
  /** Calendar days from the day of the run to the day of expiry, in the job's zone; negative once it has passed. */
  days_left: z.number().int(),
  requested_at: timestampSchema,
});

/** What can happen in the stream of a certification's reminders. */
export const reminderEvents = {
  ReminderRequested: defineEvent({
    schema: reminderRequested,
    time: 'requested_at',
    earlier: [
      {
        schema: reminderRequested.omit({ type: true }),
        toNext: (data) => ({ type: null, ...(data as object) }),
      },
    ],
  }),
};
