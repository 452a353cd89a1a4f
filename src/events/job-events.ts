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
export const runWarningSchema = z.discriminatedUnion('code', [
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
export const runResultSchema = z.object({
  mentors_checked: count.describe('distinct mentors whose certifications were looked at'),
  reminders_sent: count.describe(
    'reminders asked for by this run; in a dry run those that a real one would have asked for',
  ),
  errors: count.describe(
    'records that could not be handled; each is in the log of the service with its id and reason',
  ),
  records_checked: count
    .nullable()
    .describe(
      'records that were looked at; null where another executor, or an earlier version, does not say',
    ),
  reasons: z
    .record(z.enum(NO_REASONS), count)
    .nullable()
    .describe('records without a reminder, by reason, all reasons; null like the above'),
  warnings: z.array(runWarningSchema),
});

/** The codes that this service gives the error of a run. Every other one is the own code of an external executor. */
export const ownErrorCodes = ['timed_out', 'cancelled', 'too_many_reminders', 'check_failed'] as const;

export const runErrorSchema = z.object({
  code: z.string().describe(`one of ${ownErrorCodes.join(', ')}; or what the executor says`),
  message: z.string(),
  reminders: count
    .optional()
    .describe('of `too_many_reminders`: how many it would have been, and how many were allowed'),
  limit: count.optional(),
});

/** What decides whom a run reminds, as it was at its start: a later change leaves the run alone. */
export const runRulesSchema = z.object({
  time_zone: z.string(),
  reminder_thresholds: thresholdsSchema,
  select: selectionSchema.nullable(),
  max_reminders: count.nullable().describe('as in the configuration of the job'),
  confirm_reminders: count
    .nullable()
    .describe(
      'so many are let through in place of `max_reminders`, this once; null: nobody has confirmed any',
    ),
});

export type RunResult = z.infer<typeof runResultSchema>;
export type RunError = z.infer<typeof runErrorSchema>;
export type RunRules = z.infer<typeof runRulesSchema>;

/** The result of the first versions. */
const threeCounts = runResultSchema.pick({ mentors_checked: true, reminders_sent: true, errors: true });

function withWholeResult(data: unknown): unknown {
  const { result } = data as { result: object | null };
  if (result === null) return data;
  return { ...(data as object), result: { records_checked: null, reasons: null, warnings: [], ...result } };
}

const runStarted = z
  .object({
    cron_id: cronId,
    run_id: runId,
    run_no: z.number().int().describe("1 for a job's first run; dense"),
    trigger: z.enum(['schedule', 'manual']),
    slot: timestampSchema.nullable().describe('the instant owed; null for a manual run'),
    after: timestampSchema
      .nullable()
      .describe(
        'the watermark before this slot; null for a manual run. (after, slot] holds this slot and no other',
      ),
    started_at: timestampSchema,
    late_by_ms: z.number().int().nullable(),
    dry_run: z.boolean(),
    timeout_seconds: z
      .number()
      .describe('the timeout that was in force, so that a later change of it leaves this run alone'),
    rules: runRulesSchema
      .nullable()
      .describe('what decides whom the run reminds; null where it is not on record'),
    reason: z
      .string()
      .nullable()
      .describe('why a client has asked for it; null for a scheduled run, and where none was given'),
  })
  .describe('A run has started, and is to be performed.');
const runStartedV2 = runStarted.omit({ reason: true });

const runCompleted = z
  .object({
    cron_id: cronId,
    run_id: runId,
    status: z.enum(['success', 'failed']),
    result: runResultSchema.nullable(),
    error: runErrorSchema.nullable(),
    completed_at: timestampSchema,
  })
  .describe('A run has ended.');
const runCompletedV2 = runCompleted.extend({
  result: threeCounts.nullable(),
  error: runErrorSchema.omit({ reminders: true, limit: true }).nullable(),
});
const ownErrorV1 = z.object({ code: z.enum(['timed_out', 'check_failed']), message: z.string() });

const runResultRejected = z
  .object({
    cron_id: cronId,
    run_id: runId,
    status: z.enum(['success', 'failed']),
    result: runResultSchema.nullable(),
    rejected_at: timestampSchema,
  })
  .describe('A result has come after the run had ended: it changes nothing.');

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

  RequestAccepted: defineEvent({
    schema: z
      .object({
        cron_id: cronId,
        key_hash: z
          .string()
          .describe(
            'which sender has called which request by this key: only a hash, since keys may be guessed',
          ),
        request_hash: z
          .string()
          .describe('what was asked for: another request under the same key is refused'),
        events: z
          .number()
          .int()
          .describe('so many events before this one are of its command; 0 when there was nothing to do'),
        accepted_at: timestampSchema,
      })
      .describe(
        'A request that may be repeated was carried out. It stands behind the events of its command, in one append.',
      ),
    time: 'accepted_at',
    earlier: [],
  }),
};
