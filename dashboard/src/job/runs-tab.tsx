import { answerOf, api, type Schemas } from '../api/client.js';
import { useLoaded, type Loaded } from '../api/use-loaded.js';
import { place } from '../place/place.js';
import { isFiltered, pageQuery, trendQuery, type RunQuery } from '../runs/run-query.js';
import { RunFilters } from '../runs/run-filters.js';
import { RunRow } from '../runs/run-row.js';
import { RunTrend } from '../runs/run-trend.js';
import { CursorPager } from '../show/cursor-pager.js';
import { LoadState } from '../show/load-state.js';
import { count } from '../show/show-duration.js';

/** What a job has run, newest first, and how that has changed over time. */
export function RunsTab({ job }: { job: Schemas['ShownJob'] }) {
  const { query } = place.value;
  const page = useRuns(job.id, pageQuery(query));
  const newest = useRuns(job.id, trendQuery(query));
  return (
    <>
      {newest.value !== undefined && newest.value.data.length > 0 && (
        <RunTrend job={job} runs={newest.value.data} />
      )}
      <RunFilters zone={job.time_zone} />
      <LoadState of={page}>{(runs) => <RunTable job={job} runs={runs} />}</LoadState>
    </>
  );
}

function useRuns(id: string, query: RunQuery): Loaded<Schemas['RunsOfJob']> {
  return useLoaded(
    `runs ${id} ${JSON.stringify(query)}`,
    (signal) =>
      answerOf(api.GET('/api/v1/certification-cron/{id}/runs', { params: { path: { id }, query }, signal })),
    (event) => event.cron_id === id && event.type.startsWith('Run'),
  );
}

function RunTable({
  job,
  runs: { data, pagination },
}: {
  job: Schemas['ShownJob'];
  runs: Schemas['RunsOfJob'];
}) {
  if (data.length === 0)
    return <p>{isFiltered(place.value.query) ? 'No run fits these filters.' : 'It has not run yet.'}</p>;
  return (
    <>
      <div class="table cards runs">
        <table>
          <caption>{captionOf(pagination)}</caption>
          <thead>
            <tr>
              <th scope="col">Start</th>
              <th scope="col">Trigger</th>
              <th scope="col">Result</th>
              {['Duration', 'Mentors', 'Records', 'Reminders', 'Errors', 'Warnings'].map((title) => (
                <th key={title} scope="col" class="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.map((run) => (
              <RunRow key={run.run_id} run={run} zone={job.time_zone} />
            ))}
          </tbody>
        </table>
      </div>
      <CursorPager next={pagination.next_cursor} />
    </>
  );
}

function captionOf({ total, page }: Schemas['RunsOfJob']['pagination']): string {
  const all = total === null ? 'More than 1,000 runs' : total === 1 ? '1 run' : `${count(total)} runs`;
  return `${all}, newest first${page > 1 ? `; page ${page}` : ''}. Mentors and records are those that were checked.`;
}
