import { SLOWLY_MS, usePolled } from '../api/use-polled.js';
import { asksOnly } from '../place/asks-only.js';
import { hrefOf } from '../place/parse-place.js';
import { countJobs } from './count-jobs.js';
import { COUNTED, JOB_FILTERS } from './job-query.js';

const FILTERS = COUNTED.map(({ query }) => query);

/** How many jobs are in which state; each number leads to them. */
export function JobCounts({ shown }: { shown: Readonly<Record<string, string>> }) {
  const counts = usePolled(
    'counts',
    (signal) => countJobs(FILTERS, signal),
    () => true,
    SLOWLY_MS,
  );
  const { sort } = shown;
  return (
    <ul class="counts" aria-label="Jobs by state" aria-busy={counts.isLoading}>
      {COUNTED.map(({ title, query, isBad }, index) => {
        const count = counts.value?.[index];
        return (
          <li key={title} class={isBad && count ? 'bad' : ''}>
            <a
              href={hrefOf(['jobs'], { ...query, sort })}
              aria-current={asksOnly(shown, query, JOB_FILTERS) ? 'true' : undefined}
            >
              <strong>{count === undefined ? '…' : count.toLocaleString('en-US')}</strong> {title}
            </a>
          </li>
        );
      })}
    </ul>
  );
}
