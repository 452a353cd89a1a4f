import { answerOf, api } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { loadJob } from '../job/load-job.js';
import { hrefOf } from '../place/parse-place.js';
import { CursorPager } from '../show/cursor-pager.js';
import { LoadState } from '../show/load-state.js';
import { askedRuns, entriesOf } from './asked-runs.js';
import { RunTable } from './run-table.js';

/** The newest real runs of one job. */
export function RunsOfJob({ id }: { id: string }) {
  const query = askedRuns();
  const list = useLoaded(
    `runs ${JSON.stringify(query)}`,
    async (signal) => {
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
            entries={entriesOf(runs.data)}
            jobOf={() => job}
          />
          <CursorPager next={runs.pagination.next_cursor} />
        </>
      )}
    </LoadState>
  );
}
