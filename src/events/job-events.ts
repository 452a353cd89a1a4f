import * as z from 'zod';
import { configEvents } from './config-events.js';
import { defineEvent } from './event-definition.js';
import { selectionSchema, thresholdsSchema } from './job-config.js';
import { scheduleEvents } from './schedule-events.js';
import { timestampSchema } from './timestamp.js';

const cronId = z.string();
const runId = z.string();

/** Why a run does not ask for a reminder of a certification. */
export const NO_REASONS = [
  'not_due',
  'already_asked',
  'nearer_asked',
  'superseded',
  'suspended',
  'withdrawn',
  'not_renewable_yet',
  'not_selected',
  'too_long_expired',
] as const;

export type NoReason = (typeof NO_REASONS)[number];

const count = z.number().int();

/** What a run says beside its counts: it went on, but somebody should look. Each has the numbers that it is about. */
const runWarningSchema = z.discriminatedUnion('code', [
  z.object({ code: z.literal('registry_empty') }),
  /** By more than half since the last good run of the job. */
  z.object({ code: z.literal('registry_shrank'), records: count, before: count }),
  /** Hours since the registry was last written, and how many are allowed. */
  z.object({ code: z.literal('registry_stale'), hours: count, limit: count }),
  z.object({ code: z.literal('records_unreadable'), unreadable: count, records: count }),
  /** Of a dry run: a real one would end as `too_many_reminders`. */
  z.object({ code: z.literal('too_many_reminders'), reminders: count, limit: count }),
]);

export type RunWarning = z.infer<typeof runWarningSchema>;

/** The counters that every check ends with (the contract's `result`), and what our own check says beyond them. */
const runResultSchema = z.object({
  /** Distinct mentors whose certifications were looked at. */
  mentors_checked: count,
  /** Reminders asked for by this run; in a dry run those that a real one would have asked for. */
  reminders_sent: count,
  /** Records that could not be handled; each is in the log of the service with its id and reason. */
  errors: count,
  /** Records that were looked at; null where another executor, or an earlier version, does not say. */
  records_checked: count.nullable(),
  /** Records without a reminder, by reason, all reasons; null like the above. */
  reasons: z.record(z.enum(NO_REASONS), count).nullable(),
  warnings: z.array(runWarningSchema),
});

/** The codes that this service gives the error of a run. Every other one is the own code of an external executor. */
export const ownErrorCodes = ['timed_out', 'cancelled', 'too_many_reminders', 'check_failed'] as const;

const runErrorSchema = z.object({
  /** One of `ownErrorCodes`, or what the executor says. */
  code: z.string(),
  message: z.string(),
  /** Of `too_many_reminders`: how many it would have been, and how many were allowed. */
  reminders: count.optional(),
  limit: count.optional(),
});

/** What decides whom a run reminds, as it was at its start: a later change leaves the run alone. */
const runRulesSchema = z.object({
  time_zone: z.string(),
  reminder_thresholds: thresholdsSchema,
  select: selectionSchema.nullable(),
  /** As in the configuration of the job. */
  max_reminders: count.nullable(),
  /** So many are let through in place of `max_reminders`, this once; null: nobody has confirmed any. */
  confirm_reminders: count.nullable(),
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
export type RunRules = z.infer<typeof runRulesSchema>;
export type SkipReason = z.infer<typeof skipReasonSchema>;

/** The result of the first versions. */
const threeCounts = runResultSchema.pick({ mentors_checked: true, reminders_sent: true, errors: true });

function withWholeResult(data: unknown): unknown {
  const { result } = data as { result: object | null };
  if (result === null) return data;
  return { ...(data as object), result: { records_checked: null, reasons: null, warnings: [], ...result } };
}

const runStarted = z.object({
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
  /** Null for runs of version 1, which did not record them. */
  rules: runRulesSchema.nullable(),
  /** Why a client has asked for it; null for a scheduled run, and where none was given. */
  reason: z.string().nullable(),
});
const runStartedV2 = runStarted.omit({ reason: true });

const runCompleted = z.object({
  cron_id: cronId,
  run_id: runId,
  status: z.enum(['success', 'failed']),
  result: runResultSchema.nullable(),
  error: runErrorSchema.nullable(),
  completed_at: timestampSchema,
});
const runCompletedV2 = runCompleted.extend({
  result: threeCounts.nullable(),
  error: runErrorSchema.omit({ reminders: true, limit: true }).nullable(),
});
const ownErrorV1 = z.object({ code: z.enum(['timed_out', 'check_failed']), message: z.string() });

const runResultRejected = z.object({
  cron_id: cronId,
  run_id: runId,
  status: z.enum(['success', 'failed']),
  result: runResultSchema.nullable(),
  rejected_at: timestampSchema,
});

/** Everything that can happen in the stream of a job. */
export const jobEvents = {
  ...configEvents,
  ...scheduleEvents,

  RunStarted: defineEvent({
    schema: runStarted,
    time: 'started_at',
    earlier: [
      {
        schema: runStartedV2.omit({ rules: true }),
        toNext: (data) => ({ rules: null, ...(data as object) }),
      },
      { schema: runStartedV2, toNext: (data) => ({ reason: null, ...(data as object) }) },
    ],
  }),

  RunCompleted: defineEvent({
    schema: runCompleted,
    time: 'completed_at',
    earlier: [
      // It knew no error codes but this service's own.
      { schema: runCompletedV2.extend({ error: ownErrorV1.nullable() }), toNext: (data) => data },
      { schema: runCompletedV2, toNext: withWholeResult },
    ],
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
    earlier: [],
  }),

  RunResultRejected: defineEvent({
    schema: runResultRejected,
    time: 'rejected_at',
    earlier: [
      {
        schema: runResultRejected.extend({ result: threeCounts.nullable() }),
        toNext: withWholeResult,
      },
    ],
  }),

  /** A request that may be repeated was carried out. It stands behind the events of its command, in one append. */
  RequestAccepted: defineEvent({
    schema: z.object({
      cron_id: cronId,
      /** Which sender has called which request by this key: only a hash, since keys may be guessed. */
      key_hash: z.string(),
      /** What was asked for: another request under the same key is refused. */
      request_hash: z.string(),
      /** So many events before this one are of its command; 0 when there was nothing to do. */
      events: z.number().int(),
      accepted_at: timestampSchema,
    }),
    time: 'accepted_at',
    earlier: [],
  }),
};
