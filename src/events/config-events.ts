import * as z from 'zod';
import { defineEvent } from './event-definition.js';
import { jobConfigSchema } from './job-config.js';
import { timestampSchema } from './timestamp.js';

/** Before jobs had rules of their own. */
const WITHOUT_RULES = { reminder_thresholds: null, select: null, max_reminders: null };
/** Before jobs could be found by labels, and declared by a key. */
const WITHOUT_KEY = { labels: [], key: null };

const key = z
  .string()
  .nullable()
  .describe(
    'what a client calls the job that it declares: it never changes, also over a delete; null: the job was not declared',
  );

const rules = { reminder_thresholds: true, select: true, max_reminders: true } as const;
const configBeforeLabels = jobConfigSchema.omit({ labels: true });
const configBeforeRules = configBeforeLabels.omit(rules);

const scheduled = z
  .object({
    cron_id: z.string(),
    key,
    ...jobConfigSchema.shape,
    created_at: timestampSchema,
  })
  .describe('A client has created or declared a job.');
const scheduledV2 = scheduled.omit({ key: true, labels: true });

const updated = z
  .object({
    cron_id: z.string(),
    changes: jobConfigSchema.partial().describe('only the fields that changed'),
    reason: z.string().nullable(),
    reverted_to: z
      .number()
      .int()
      .nullable()
      .describe('the version whose configuration a revert took up again; null for any other change'),
    updated_at: timestampSchema,
  })
  .describe('A client has changed the configuration of a job.');
const updatedV3 = updated.extend({ changes: configBeforeLabels.partial() });
const updatedV2 = updatedV3.omit({ reverted_to: true });

const restored = z
  .object({
    cron_id: z.string(),
    key,
    ...jobConfigSchema.shape,
    last_run_no: z.number().int(),
    records_checked: z.number().int().nullable(),
    was_reset: z.boolean().describe('whether its watermark had ever been set back'),
    reason: z.string().nullable(),
    restored_at: timestampSchema.describe('the watermark from now on: no slot is owed for the time between'),
  })
  .describe('A deleted job is back: its configuration as it was at the delete, or as it is declared now.');

/** What clients do to a job itself: those of its events that say its configuration, or that it is there. */
export const configEvents = {
  CronJobScheduled: defineEvent({
    schema: scheduled,
    time: 'created_at',
    earlier: [
      {
        schema: scheduledV2.omit(rules),
        toNext: (data) => ({ ...WITHOUT_RULES, ...(data as object) }),
      },
      { schema: scheduledV2, toNext: (data) => ({ ...WITHOUT_KEY, ...(data as object) }) },
    ],
  }),

  CronJobUpdated: defineEvent({
    schema: updated,
    time: 'updated_at',
    earlier: [
      { schema: updatedV2.extend({ changes: configBeforeRules.partial() }), toNext: (data) => data },
      { schema: updatedV2, toNext: (data) => ({ reverted_to: null, ...(data as object) }) },
      { schema: updatedV3, toNext: (data) => data },
    ],
  }),

  CronJobDeleted: defineEvent({
    schema: z
      .object({ cron_id: z.string(), reason: z.string().nullable(), deleted_at: timestampSchema })
      .describe('A client has deleted a job.'),
    time: 'deleted_at',
    earlier: [],
  }),

  /** It says all that is needed: of a deleted job little more than its version is kept in memory. */
  CronJobRestored: defineEvent({
    schema: restored,
    time: 'restored_at',
    earlier: [
      {
        schema: restored.omit({ key: true, labels: true }),
        toNext: (data) => ({ ...WITHOUT_KEY, ...(data as object) }),
      },
    ],
  }),
};
