import * as z from 'zod';
import { cursorOf } from './cursor.js';
import { someText } from './job-fields.js';
import { jobFilters } from './job-filter.js';
import { place } from './list-requests.js';
import { oneOf } from './query-text.js';
import { wholeNumber } from './whole-number.js';

const MOST_JOBS = 100;

const truth = z.boolean('must be true or false');
const filters = jobFilters(truth);

/** One request acts on one page of the jobs that fit its filter. */
export const bulkRequest = z.strictObject({
  filter: z.strictObject(
    filters,
    `must be an object, {} for all jobs; its fields may be ${Object.keys(filters).join(', ')}`,
  ),
  action: oneOf(['enable', 'disable', 'execute']),
  reason: someText('must be a text').regex(/\S/, 'must say why, for the history of the jobs'),
  dry_run: truth.default(false),
  limit: wholeNumber(1, MOST_JOBS).default(MOST_JOBS),
  cursor: cursorOf(
    z.strictObject({ value: place, cron_id: place, total: z.int().min(0), of: z.string().max(100) }),
  ).optional(),
});

export type BulkRequest = z.infer<typeof bulkRequest>;
export type BulkAction = BulkRequest['action'];
