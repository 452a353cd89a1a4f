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

/** What clients do to a job itself: those of its events that say its configuration, or that it is there. */
export const configEvents = {
  CronJobScheduled: defineEvent({
    schema: z.object({ cron_id: z.string(), key, ...jobConfigSchema.shape, created_at: timestampSchema }),
    time: 'created_at',
    upcasters: [
      (data) => ({ ...WITHOUT_RULES, ...(data as object) }),
      (data) => ({ ...WITHOUT_KEY, ...(data as object) }),
    ],
  }),

  CronJobUpdated: defineEvent({
    schema: z.object({
      cron_id: z.string(),
      /** Only the fields that changed. */
      changes: jobConfigSchema.partial(),
      reason: z.string().nullable(),
      /** The version whose configuration a revert took up again; null for any other change. */
      reverted_to: z.number().int().nullable(),
      updated_at: timestampSchema,
    }),
    time: 'updated_at',
    // Version 1 knew no rules of a job, version 2 no reverts, version 3 no labels.
    upcasters: [(data) => data, (data) => ({ reverted_to: null, ...(data as object) }), (data) => data],
  }),

  CronJobDeleted: defineEvent({
    schema: z.object({ cron_id: z.string(), reason: z.string().nullable(), deleted_at: timestampSchema }),
    time: 'deleted_at',
    upcasters: [],
  }),

  /** A deleted job is back. It says all that is needed: of a deleted job little more than its version is kept in memory. */
  CronJobRestored: defineEvent({
    schema: z.object({
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
    }),
    time: 'restored_at',
    upcasters: [(data) => ({ ...WITHOUT_KEY, ...(data as object) })],
  }),
};
