import { answerOf, api } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { loadJob } from '../job/load-job.js';
import { hrefOf } from '../place/parse-place.js';
import { place } from '../place/place.js';
import { CursorPager } from '../show/cursor-pager.js';
import { LoadState } from '../show/load-state.js';
import { RunTable } from './run-table.js';

/** The newest real runs of one job. */
export function RunsOfJob({ id }: { id: string }) {
  const { cursor } = place.value.query;
  const list = useLoaded(
    `runs ${cursor ?? ''}`,
    async (signal) => {
      const query = { dry_run: false, limit: 20, ...(cursor && { cursor }) };
      const [{ job }, runs] = await Promise.all([
        loadJob({ id, as_of: undefined, signal }),
        answerOf(
          api.GET('/api/v1/certification-cron/{id}/runs', { params: { path: { id }, query }, signal }),
        ),
      ]);
      return { job, runs };
    },
    (event) => event.cron_id === id,
  );
  return (
    <LoadState of={list}>
      {({ job, runs }) => (
        <>
          <p>
            <a href={hrefOf(['expiring', 'reminded'])}>The runs of all jobs</a>
          </p>
          <RunTable
            caption={`The newest runs of ${job.name}, without dry runs`}
            runs={runs.data.map((run) => ({ run, job }))}
          />
          <CursorPager next={runs.pagination.next_cursor} />
        </>
      )}
    </LoadState>
  );
}
