import * as z from 'zod';
import { runErrorSchema, runRulesSchema } from '../events/job-events.js';
import { secondInstant } from './instant.js';
import { resultAnswer, selectionAnswer } from './job-answers.js';
import { numberedPages, pagesByCursor, totalIfCounted } from './pages.js';

/** The bodies of answers that show runs. */

const run_id = z.string().describe('opaque; begins with run-');
const cron_id = z.string();

export const runStatus = z.enum(['running', 'success', 'failed']);
export const runTrigger = z.enum(['schedule', 'manual']);
export const runError = z.strictObject(runErrorSchema.shape);
export const runRules = z.strictObject({ ...runRulesSchema.shape, select: selectionAnswer.nullable() });

/** A run in a list: one that is asked for alone has its rules, too. */
export const runAnswer = z.strictObject({
  run_id,
  cron_id,
  started_at: secondInstant
    .nullable()
    .describe('null only in an answer to a write that could not ask the read models'),
  completed_at: secondInstant.nullable().describe('null: it has not ended'),
  status: runStatus,
  result: resultAnswer.nullable().describe('null while it runs, and where it failed'),
  error: runError.nullable().describe('why it failed; null for every other run'),
  trigger: runTrigger.nullable().describe('null like started_at'),
  slot: secondInstant.nullable().describe('the instant owed that it stands for; null for a run by hand'),
  late_by_ms: z.int().nullable().describe('from its slot to its start; null for a run by hand'),
  dry_run: z.boolean().nullable().describe('true: it has asked for no reminder; null like started_at'),
  reason: z.string().nullable().describe('why a client has asked for it, where one was given'),
});

export const runWithRulesAnswer = runAnswer.extend({
  rules: runRules
    .nullable()
    .describe('what decided whom it reminds, as it was at its start; null where that is not on record'),
});

export const runsOfJobAnswer = numberedPages(runAnswer, totalIfCounted);
export const runsAnswer = pagesByCursor(runAnswer);

const accepted = { run_id, cron_id, triggered_at: secondInstant, dry_run: z.boolean() };

/** A run was started. */
export const acceptedAnswer = z.strictObject({ ...accepted, status: z.literal('running') });

/** A run was started, and has ended while its client waited. */
export const endedAnswer = z.strictObject({ ...runWithRulesAnswer.shape, ...accepted });

export type RunInList = z.infer<typeof runAnswer>;
export type RunBody = z.infer<typeof runWithRulesAnswer>;
