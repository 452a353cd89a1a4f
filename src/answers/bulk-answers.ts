import * as z from 'zod';

/** The body of the answer to a bulk request, and what is in it. */

export const bulkOutcome = z
  .enum(['done', 'would_do', 'unchanged', 'refused', 'unknown'])
  .describe(
    'would_do: of a dry run; unchanged: it was so already; refused: nothing was done, see error; unknown: it was tried, ' +
      'and may be done or not',
  );

export const bulkError = z.strictObject({ code: z.string(), detail: z.string() });

export const bulkItem = z.strictObject({
  id: z.string(),
  name: z.string(),
  outcome: bulkOutcome,
  run_id: z.string().nullable().describe('of the run that was started'),
  error: bulkError.nullable().describe('why not, as a problem has it'),
});

export const bulkAnswer = z.strictObject({
  action: z.enum(['enable', 'disable', 'execute']),
  dry_run: z.boolean().describe('true: nothing was written'),
  data: z.array(bulkItem).describe('the jobs that were acted on, in the order of their creation'),
  pagination: z.strictObject({
    limit: z.int().describe('at most so many are acted on with one request'),
    total: z.int().describe('of the jobs that fitted when the first page was asked for'),
    next_cursor: z
      .string()
      .nullable()
      .describe('the field `cursor` of the request that acts on those that follow; null: this was the last'),
  }),
});

export type BulkBody = z.infer<typeof bulkAnswer>;
export type BulkItem = BulkBody['data'][number];
