import { answerOf, api } from '../api/client.js';
import { may } from '../api/session.js';
import { SLOWLY_MS, usePolled } from '../api/use-polled.js';
import { asksOnly } from '../place/asks-only.js';
import { hrefOf } from '../place/parse-place.js';
import { place } from '../place/place.js';
import { CursorPager } from '../show/cursor-pager.js';
import { LoadState } from '../show/load-state.js';
import { count } from '../show/show-duration.js';
import { TableHead } from '../show/table-head.js';
import { Title } from '../show/title.js';
import { JobCounts } from './job-counts.js';
import { JobFilters } from './job-filters.js';
import { JOB_FILTERS, jobQuery } from './job-query.js';
import { JobRow } from './job-row.js';

/** All jobs, by the filters in the address. */
export function JobsView() {
  const { query } = place.value;
  const asked = jobQuery(query);
  const isEverything = asksOnly(query, {}, [...JOB_FILTERS, 'cursor']);
  const list = usePolled(
    JSON.stringify(asked),
    (signal) => answerOf(api.GET('/api/v1/certification-cron', { params: { query: asked }, signal })),
    () => true,
    SLOWLY_MS,
  );
  return (
    <>
      <Title of={['Jobs']} />
      <div class="row spread">
        <h1>Jobs</h1>
        {may('write') && (
          <a class="button main" href={hrefOf(['jobs', 'new'])}>
            New job
          </a>
        )}
      </div>
      <JobCounts shown={query} />
      <JobFilters query={query} />
      <LoadState of={list}>
        {({ data, pagination }) => (
          <>
            {data.length === 0 ? (
              <p>{isEverything ? 'There is no job yet.' : 'No job fits these filters.'}</p>
            ) : (
              <div class="table cards">
                <table>
                  <caption>
                    {data.length} of {count(pagination.total)} jobs
                  </caption>
                  <TableHead titles={['Job', 'State', 'Schedule', 'Next slot', 'Last run', 'Newest runs']} />
                  <tbody>
                    {data.map((job) => (
                      <JobRow key={job.id} job={job} />
                    ))}
                  </tbody>
                </table>
              </div>
            )}
            <CursorPager next={pagination.next_cursor} />
          </>
        )}
      </LoadState>
    </>
  );
}
