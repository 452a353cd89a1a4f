import { answerOf, api } from '../api/client.js';
import { SLOWLY_MS, usePolled } from '../api/use-polled.js';
import { hrefOf } from '../place/parse-place.js';
import { asksOnly, COUNTED, type JobQuery } from './job-query.js';

/** How many jobs are in which state; each number leads to them. */
export function JobCounts({ shown }: { shown: Readonly<Record<string, string>> }) {
  const counts = usePolled('counts', countAll, () => true, SLOWLY_MS);
  const { sort } = shown;
  return (
    <ul class="counts" aria-label="Jobs by state" aria-busy={counts.isLoading}>
      {COUNTED.map(({ title, query, isBad }, index) => {
        const count = counts.value?.[index];
        return (
          <li key={title} class={isBad && count ? 'bad' : ''}>
            <a
              href={hrefOf(['jobs'], { ...query, sort })}
              aria-current={asksOnly(shown, query) ? 'true' : undefined}
            >
              <strong>{count === undefined ? '…' : count.toLocaleString('en-US')}</strong> {title}
            </a>
          </li>
        );
      })}
    </ul>
  );
}

function countAll(signal: AbortSignal): Promise<number[]> {
  return Promise.all(COUNTED.map(({ query }) => countJobs(query as JobQuery, signal)));
}

async function countJobs(filter: JobQuery, signal: AbortSignal): Promise<number> {
  const query = { ...filter, limit: 1 };
  const { pagination } = await answerOf(api.GET('/api/v1/certification-cron', { params: { query }, signal }));
  return pagination.total;
}
