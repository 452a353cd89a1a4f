import * as z from 'zod';
import { defineEvent } from './event-definition.js';
import { jobConfigSchema } from './job-config.js';
import { timestampSchema } from './timestamp.js';

const cronId = z.string();
const runId = z.string();

/** The counters that every check ends with (the contract's `result`). */
const runResultSchema = z.object({
  /** Distinct mentors whose certifications were looked at. */
  mentors_checked: z.number().int(),
  /** Reminders asked for by this run; in a dry run those that a real one would have asked for. */
  reminders_sent: z.number().int(),
  /** Records that could not be handled; each is in the log of the service with its id and reason. */
  errors: z.number().int(),
});

/** The codes that this service gives the error of a run. Every other one is the own code of an external executor. */
export const ownErrorCodes = ['timed_out', 'check_failed'] as const;

const runErrorSchema = z.object({
  /** One of `ownErrorCodes`, or what the executor says. */
  code: z.string(),
  message: z.string(),
});

const skipReasonSchema = z.enum([
  'overlap',
  'superseded',
  'missed_window',
  'catch_up_skip',
  'schedule_changed',
  'disabled',
  'deleted',
]);

export type RunResult = z.infer<typeof runResultSchema>;
export type RunError = z.infer<typeof runErrorSchema>;
export type SkipReason = z.infer<typeof skipReasonSchema>;

/** Everything that can happen in the stream of a job. */
export const jobEvents = {
  CronJobScheduled: defineEvent({
    schema: z.object({ cron_id: cronId, ...jobConfigSchema.shape, created_at: timestampSchema }),
    time: 'created_at',
    upcasters: [],
  }),

  CronJobUpdated: defineEvent({
    schema: z.object({
      cron_id: cronId,
      /** Only the fields that changed. */
      changes: jobConfigSchema.partial(),
      reason: z.string().nullable(),
      updated_at: timestampSchema,
    }),
    time: 'updated_at',
    upcasters: [],
  }),

  CronJobDeleted: defineEvent({
    schema: z.object({ cron_id: cronId, reason: z.string().nullable(), deleted_at: timestampSchema }),
    time: 'deleted_at',
    upcasters: [],
  }),

  RunStarted: defineEvent({
    schema: z.object({
      cron_id: cronId,
      run_id: runId,
      /** 1 for a job's first run; dense. */
      run_no: z.number().int(),
      trigger: z.enum(['schedule', 'manual']),
      /** The instant owed; null for a manual run. */
      slot: timestampSchema.nullable(),
      /** The watermark before this slot; null for a manual run. (after, slot] holds this slot and no other. */
      after: timestampSchema.nullable(),
      started_at: timestampSchema,
      late_by_ms: z.number().int().nullable(),
      dry_run: z.boolean(),
      /** The timeout that was in force, so that a later change of it leaves this run alone. */
      timeout_seconds: z.number(),
    }),
    time: 'started_at',
    upcasters: [],
  }),

  RunCompleted: defineEvent({
    schema: z.object({
      cron_id: cronId,
      run_id: runId,
      status: z.enum(['success', 'failed']),
      result: runResultSchema.nullable(),
      error: runErrorSchema.nullable(),
      completed_at: timestampSchema,
    }),
    time: 'completed_at',
    // Version 1 knew no error codes but this service's own.
    upcasters: [(data) => data],
  }),

  RunSkipped: defineEvent({
    schema: z.object({
      cron_id: cronId,
      /** First and last slot skipped, and their count. */
      from: timestampSchema,
      to: timestampSchema,
      count: z.number().int(),
      /** The watermark before `from`. (after, to] holds these slots and no other. */
      after: timestampSchema,
      reason: skipReasonSchema,
      skipped_at: timestampSchema,
    }),
    time: 'skipped_at',
    upcasters: [],
  }),

  WatermarkReset: defineEvent({
    schema: z.object({
      cron_id: cronId,
      /** The watermark before: slots up to it had been settled, by a clock that ran ahead. */
      from: timestampSchema,
      /** The watermark from now on: slots in (to, from] are owed again, whatever became of them before. */
      to: timestampSchema,
      reason: z.string().nullable(),
      /** Times in the stream go on from here: those before it may be later. */
      reset_at: timestampSchema,
    }),
    time: 'reset_at',
    upcasters: [],
  }),

  RunResultRejected: defineEvent({
    schema: z.object({
      cron_id: cronId,
      run_id: runId,
      status: z.enum(['success', 'failed']),
      result: runResultSchema.nullable(),
      rejected_at: timestampSchema,
    }),
    time: 'rejected_at',
    upcasters: [],
  }),

  ScheduleFailed: defineEvent({
    schema: z.object({ cron_id: cronId, message: z.string(), failed_at: timestampSchema }),
    time: 'failed_at',
    upcasters: [],
  }),
};
