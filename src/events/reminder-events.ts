import * as z from 'zod';
import { defineEvent } from './event-definition.js';
import { timestampSchema } from './timestamp.js';

const reminderRequested = z
  .object({
    cron_id: z.string(),
    run_id: z.string(),
    mentor_id: z.string(),
    certification_id: z.string(),
    type: z.string().nullable().describe('null where the record has none'),
    expires_at: z.string(),
    threshold_days: z
      .number()
      .int()
      .describe('days before the expiry; negative for one that is due after it'),
    days_left: z
      .number()
      .int()
      .describe(
        "calendar days from the day of the run to the day of expiry, in the job's zone; negative once it has passed",
      ),
    requested_at: timestampSchema,
  })
  .describe('A mentor is to be reminded of a certification.');

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
