import * as z from 'zod';
import { defineEvent } from './event-definition.js';
import { timestampSchema } from './timestamp.js';

const skipReasonSchema = z.enum([
  'overlap',
  'superseded',
  'missed_window',
  'catch_up_skip',
  'schedule_changed',
  'disabled',
  'deleted',
]);

export type SkipReason = z.infer<typeof skipReasonSchema>;

/** What happens to the schedule of a job besides its runs. */
export const scheduleEvents = {
  RunSkipped: defineEvent({
    schema: z
      .object({
        cron_id: z.string(),
        from: timestampSchema.describe('the first slot skipped'),
        to: timestampSchema.describe('the last slot skipped'),
        count: z.number().int().describe('so many slots'),
        after: timestampSchema.describe(
          'the watermark before `from`. (after, to] holds these slots and no other',
        ),
        reason: skipReasonSchema,
        skipped_at: timestampSchema,
      })
      .describe('Slots have passed without a run.'),
    time: 'skipped_at',
    earlier: [],
  }),

  WatermarkReset: defineEvent({
    schema: z
      .object({
        cron_id: z.string(),
        from: timestampSchema.describe(
          'the watermark before: slots up to it had been settled, by a clock that ran ahead',
        ),
        to: timestampSchema.describe(
          'the watermark from now on: slots in (to, from] are owed again, whatever became of them before',
        ),
        reason: z.string().nullable(),
        reset_at: timestampSchema.describe(
          'times in the stream go on from here: those before it may be later',
        ),
      })
      .describe('Slots that a clock which ran ahead has settled are owed again.'),
    time: 'reset_at',
    earlier: [],
  }),

  ScheduleFailed: defineEvent({
    schema: z
      .object({ cron_id: z.string(), message: z.string(), failed_at: timestampSchema })
      .describe('The slots of a job cannot be computed any more.'),
    time: 'failed_at',
    earlier: [],
  }),
};
