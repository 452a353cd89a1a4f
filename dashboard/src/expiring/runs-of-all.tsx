import { answerOf, api, type Schemas } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { loadJob } from '../job/load-job.js';
import { place } from '../place/place.js';
import { CursorPager } from '../show/cursor-pager.js';
import { LoadState } from '../show/load-state.js';
import { RunTable, type NamedJob } from './run-table.js';

/** The newest real runs, whatever their job is, deleted ones too. */
export function RunsOfAll() {
  const { cursor } = place.value.query;
  const list = useLoaded(
    `runs ${cursor ?? ''}`,
    (signal) => loadRuns(cursor, signal),
    ({ type }) => type.startsWith('Run'),
  );
  return (
    <LoadState of={list}>
      {({ runs, jobs }) => (
        <>
          <RunTable
            caption="The newest runs of all jobs, without dry runs"
            runs={runs.data.map((run) => ({ run, job: jobs.get(run.cron_id) }))}
          />
          <CursorPager next={runs.pagination.next_cursor} />
        </>
      )}
    </LoadState>
  );
}

interface NamedRuns {
  runs: Schemas['Runs'];
  jobs: ReadonlyMap<string, NamedJob>;
}

/** The list has the ids of jobs alone: each job of a page is asked for once. */
async function loadRuns(cursor: string | undefined, signal: AbortSignal): Promise<NamedRuns> {
  const params = { query: { dry_run: false, limit: 20, ...(cursor && { cursor }) } };
  const runs = await answerOf(api.GET('/api/v1/certification-cron/runs', { params, signal }));
  const ids = new Set(runs.data.map(({ cron_id }) => cron_id));
  const shown = await Promise.all([...ids].map((id) => loadJob({ id, as_of: undefined, signal })));
  return { runs, jobs: new Map(shown.map(({ job }) => [job.id, job])) };
}
