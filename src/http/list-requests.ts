import * as z from 'zod';
import { JOB_SORTS } from '../ports/job-list.js';
import { cursorOf } from './cursor.js';
import { jobFilters } from './job-filter.js';
import { instant, oneOf, positive, yesOrNo } from './query-text.js';

/** The parameters of the lists of jobs and runs: unknown ones are refused, each message says what is allowed. */

const LONGEST_PLACE = 1_000;

const limit = positive(100, 20).default(20);
const page = positive(1_000_000, 1).optional();
/** What a list is sorted by, or an id. */
export const place = z
  .string()
  .max(LONGEST_PLACE)
  .regex(/^\P{Cs}*$/u);
/** What each cursor holds beside its place: the number of its page, and its question. */
const ofPage = { page: z.int().min(2), of: z.string().max(100) };

const sorts = JOB_SORTS.flatMap((sort) => [sort, `-${sort}`] as const);

export const jobListQuery = z.strictObject({
  page,
  limit,
  ...jobFilters(yesOrNo()),
  deleted: oneOf(['false', 'true', 'any']).default('false'),
  sort: oneOf(sorts).default('created_at'),
  cursor: cursorOf(
    z.strictObject({ value: place, cron_id: place, total: z.int().min(0), ...ofPage }),
  ).optional(),
});

export type JobListQuery = z.infer<typeof jobListQuery>;

const runFilters = {
  status: oneOf(['running', 'success', 'failed']).optional(),
  trigger: oneOf(['schedule', 'manual']).optional(),
  dry_run: yesOrNo().optional(),
  from: instant('up').optional(),
  to: instant('up').optional(),
};

const runPlace = { started_at: z.iso.datetime({ precision: 3 }), run_id: place };

export const runsOfJobQuery = z.strictObject({
  page,
  limit,
  ...runFilters,
  cursor: cursorOf(
    z.union([
      z.strictObject({ run_no: z.int().min(1), ...ofPage }),
      // Earlier versions put a total into it.
      z.object({ ...runPlace, ...ofPage }),
    ]),
  ).optional(),
});

export const runsQuery = z.strictObject({
  limit,
  ...runFilters,
  cursor: cursorOf(z.strictObject({ ...runPlace, of: ofPage.of })).optional(),
});

export type RunFilters = Pick<z.infer<typeof runsQuery>, keyof typeof runFilters>;
