import { usePolled } from '../api/use-polled.js';
import { countJobs } from '../jobs/count-jobs.js';
import { hrefOf } from '../place/parse-place.js';
import { count } from '../show/show-duration.js';
import { LoadState } from '../show/load-state.js';

/** What should be looked at, each by what the list of jobs calls it. */
const LOOKED_AT: readonly { title: string; query: Readonly<Record<string, string>>; isBad: boolean }[] = [
  { title: 'last run failed', query: { last_run_status: 'failed' }, isBad: true },
  { title: 'overdue', query: { overdue: 'true' }, isBad: true },
  { title: 'without a schedule', query: { status: 'schedule_error' }, isBad: true },
  { title: 'with warnings', query: { has_warnings: 'true' }, isBad: false },
];

const FILTERS = LOOKED_AT.map(({ query }) => query);

/** Jobs that somebody should look at; each number leads to them. */
export function JobAttention() {
  const counts = usePolled(
    'attention',
    (signal) => countJobs(FILTERS, signal),
    () => true,
  );
  return (
    <section aria-labelledby="attention">
      <h2 id="attention">Jobs to look at</h2>
      <LoadState of={counts}>
        {(numbers) => (
          <>
            {numbers.every((number) => number === 0) && <p>None: every job is as it should be.</p>}
            <ul class="counts">
              {LOOKED_AT.map(({ title, query, isBad }, at) => (
                <li key={title} class={isBad && numbers[at] ? 'bad' : ''}>
                  <a href={hrefOf(['jobs'], query)}>
                    <strong>{count(numbers[at] ?? 0)}</strong> {title}
                  </a>
                </li>
              ))}
            </ul>
          </>
        )}
      </LoadState>
    </section>
  );
}
