import * as z from 'zod';
import { jobConfigSchema, selectionSchema } from '../events/job-config.js';
import { runResultSchema } from '../events/job-events.js';
import { LAST_RUN_STATUSES, JOB_STATUSES } from '../ports/job-list.js';
import { millisecondInstant, secondInstant } from './instant.js';
import { numberedPages, total } from './pages.js';

/** The bodies of answers that show jobs. They are strict here, so that a field that nobody describes fails a test. */

const { name, cron_expression, ...beyondContract } = jobConfigSchema.shape;

export const jobStatus = z.enum(JOB_STATUSES);
export const catchupPolicy = jobConfigSchema.shape.catchup_policy;
export const concurrencyPolicy = jobConfigSchema.shape.concurrency_policy;
export const selectionAnswer = z.strictObject(selectionSchema.shape);
export const lastRunStatus = z.enum(LAST_RUN_STATUSES).exclude(['none']);

export const jobWarning = z.strictObject({
  code: z.string().describe('for programs; new ones may come'),
  field: z.string().describe('of the job, that it is about'),
  message: z.string().describe('for people'),
});

/** So many for each reason. */
export const reasonsAnswer = runResultSchema.shape.reasons.unwrap();

/** What a run has counted, also as the last result of its job. */
export const resultAnswer = z.strictObject(runResultSchema.shape);

/** What a declaration has done. */
export const DONE_BY_DECLARATION = ['created', 'restored', 'updated', 'unchanged'] as const;

export const jobAnswer = z.strictObject({
  id: z.string().describe('opaque; begins with cron-'),
  name,
  cron_expression,
  status: jobStatus.describe(
    'schedule_error: no slot can be computed from its expression and zone until they are changed',
  ),
  last_run_at: secondInstant
    .nullable()
    .describe('when the newest real run started; null before one, and where the read models cannot be asked'),
  last_run_status: lastRunStatus.nullable(),
  last_run_result: resultAnswer.nullable().describe('null while it runs, too, and where it failed'),
  next_run_at: secondInstant.nullable().describe('the next slot that is owed; null while nothing is'),
  created_at: secondInstant
    .nullable()
    .describe('null only in an answer to a write that could not ask the read models'),
  updated_at: secondInstant.describe('the last change by a client; no run moves it'),
  ...beyondContract,
  select: selectionAnswer.nullable().describe('whom it reminds; null: everybody'),
  key: z.string().nullable().describe('what its client calls it, see /by-key/{key}; null for others'),
  config_version: z.int().describe('what the ETag is: the version of its stream at the last change'),
  schedule_error: z.string().nullable().describe('why no slot can be computed; for people'),
  settled_ahead_until: secondInstant
    .nullable()
    .describe('its slots until then were settled before they came; POST /{id}/reset-watermark takes it back'),
  warnings: z.array(jobWarning).describe('what is not wrong, but should be looked at'),
});

const deleted_at = secondInstant.nullable().describe('null: it is not deleted');

export const listedJobAnswer = jobAnswer.extend({
  deleted_at: deleted_at.optional().describe('only where deleted jobs were asked for; null: it is not one'),
});
export const jobListAnswer = numberedPages(listedJobAnswer, total);

export const doneByDeclaration = z.enum(DONE_BY_DECLARATION);

export const declaredJobAnswer = jobAnswer.extend({
  declared: doneByDeclaration.describe('what this declaration has done'),
});

export const shownJobAnswer = jobAnswer.extend({
  deleted_at: deleted_at.optional().describe('only of a job as it was; null: it was not deleted'),
  version: z.int().optional().describe('only of a job as it was: the version of its stream that shows it so'),
  as_of: millisecondInstant.optional().describe('only of a job as it was: since when it was so'),
});

export const deletedAnswer = z.strictObject({ deleted: z.literal(true), id: z.string() });

export const jobField = z.enum(Object.keys(jobConfigSchema.shape) as [keyof typeof jobConfigSchema.shape]);

/** A change of one field; what it was and what it is may be anything that the field can hold, or null for nothing. */
export const changeAnswer = z.strictObject({
  field: jobField,
  from: z.unknown(),
  to: z.unknown(),
});

export const jobMoment = z.strictObject({ version: z.int(), as_of: millisecondInstant });

export const diffAnswer = z.strictObject({
  cron_id: z.string(),
  from: jobMoment,
  to: jobMoment,
  changes: z.array(changeAnswer),
});

export type JobBody = z.infer<typeof jobAnswer>;
export type ShownJobBody = z.infer<typeof shownJobAnswer>;
