import * as z from 'zod';
import { defineEvent } from './event-definition.js';
import { jobConfigSchema } from './job-config.js';
import { timestampSchema } from './timestamp.js';

/** Before jobs had rules of their own. */
const WITHOUT_RULES = { reminder_thresholds: null, select: null, max_reminders: null };
/** Before jobs could be found by labels, and declared by a key. */
const WITHOUT_KEY = { labels: [], key: null };

/** What a client calls the job that it declares: it never changes, also over a delete. Null: the job was not declared. */
const key = z.string().nullable();

const rules = { reminder_thresholds: true, select: true, max_reminders: true } as const;
const configBeforeLabels = jobConfigSchema.omit({ labels: true });
const configBeforeRules = configBeforeLabels.omit(rules);

const scheduled = z.object({
  cron_id: z.string(),
  key,
  ...jobConfigSchema.shape,
  created_at: timestampSchema,
});
const scheduledV2 = scheduled.omit({ key: true, labels: true });

const updated = z.object({
  cron_id: z.string(),
  /** Only the fields that changed. */
  changes: jobConfigSchema.partial(),
  reason: z.string().nullable(),
  /** The version whose configuration a revert took up again; null for any other change. */
  reverted_to: z.number().int().nullable(),
  updated_at: timestampSchema,
});
const updatedV3 = updated.extend({ changes: configBeforeLabels.partial() });
const updatedV2 = updatedV3.omit({ reverted_to: true });

const restored = z.object({
  cron_id: z.string(),
  key,
  /** As it was at the delete, or as it is declared now. */
  ...jobConfigSchema.shape,
  last_run_no: z.number().int(),
  records_checked: z.number().int().nullable(),
  /** Whether its watermark had ever been set back. */
  was_reset: z.boolean(),
  reason: z.string().nullable(),
  /** The watermark from now on: no slot is owed for the time between. */
  restored_at: timestampSchema,
});

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
    schema: z.object({ cron_id: z.string(), reason: z.string().nullable(), deleted_at: timestampSchema }),
    time: 'deleted_at',
    earlier: [],
  }),

  /** A deleted job is back. It says all that is needed: of a deleted job little more than its version is kept in memory. */
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
