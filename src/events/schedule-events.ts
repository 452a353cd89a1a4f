import * as z from 'zod';
import { defineEvent } from './event-definition.js';
import { timestampSchema } from './timestamp.js';

/** What happens to the schedule of a job besides its runs. */
export const scheduleEvents = {
  WatermarkReset: defineEvent({
    schema: z.object({
      cron_id: z.string(),
      /** The watermark before: slots up to it had been settled, by a clock that ran ahead. */
      from: timestampSchema,
      /** The watermark from now on: slots in (to, from] are owed again, whatever became of them before. */
      to: timestampSchema,
      reason: z.string().nullable(),
      /** Times in the stream go on from here: those before it may be later. */
      reset_at: timestampSchema,
    }),
    time: 'reset_at',
    earlier: [],
  }),

  ScheduleFailed: defineEvent({
    schema: z.object({ cron_id: z.string(), message: z.string(), failed_at: timestampSchema }),
    time: 'failed_at',
    earlier: [],
  }),
};
