import * as z from 'zod';
import { secondInstant } from './instant.js';
import { jobStatus } from './job-answers.js';

/** The bodies of answers that show slots: those to come, and what became of those before. */

export const localSlot = z.strictObject({
  slot: secondInstant,
  local: z.string().describe('the time in the zone of the job with its offset, RFC 3339'),
  note: z.string().nullable().describe('how a change of the offset affects it; null when none does'),
});

export const nextSlotsAnswer = z.strictObject({
  cron_id: z.string(),
  cron_expression: z.string(),
  time_zone: z.string(),
  status: jobStatus,
  data: z.array(localSlot).describe('none while the job owes nothing'),
});

export const previewAnswer = z.strictObject({
  cron_expression: z.string(),
  time_zone: z.string(),
  description: z.string().nullable().describe('the expression in words; null where there are none'),
  from: secondInstant,
  data: z.array(localSlot),
  notes: z.array(z.string()).describe('how changes of the offset within a year affect the schedule'),
});

export const ledgerEntry = z.strictObject({
  slot: secondInstant,
  outcome: z
    .enum(['started', 'skipped', 'waiting', 'upcoming', 'missing'])
    .describe(
      'waiting: it has come and is owed; missing: it was owed and never decided, which must not happen',
    ),
  reason: z.string().nullable().describe('why it was skipped'),
  run_id: z.string().nullable().describe('of the run that stands for it'),
  late_by_ms: z.int().nullable(),
  decided_at: secondInstant.nullable(),
  expected: z.boolean().describe('the schedule has this slot, as it is computed today'),
});

export const ledgerPeriod = z.strictObject({
  after: secondInstant.nullable().describe('null: it began before the range'),
  until: secondInstant.nullable().describe('null: it lasts beyond the range'),
  state: z
    .enum(['active', 'disabled', 'deleted', 'schedule_error'])
    .describe('slots are owed while it is active, only'),
  cron_expression: z.string(),
  time_zone: z.string(),
});

export const ledgerAnswer = z.strictObject({
  cron_id: z.string(),
  from: secondInstant.describe('inclusive'),
  to: secondInstant.describe('exclusive'),
  data: z.array(ledgerEntry),
  periods: z.array(ledgerPeriod).describe('what was in force when, oldest first'),
  next_from: secondInstant
    .nullable()
    .describe('the parameter `from` that shows what follows; null: nothing does'),
});

export type NextSlotsBody = z.infer<typeof nextSlotsAnswer>;
export type PreviewBody = z.infer<typeof previewAnswer>;
export type LedgerBody = z.infer<typeof ledgerAnswer>;
