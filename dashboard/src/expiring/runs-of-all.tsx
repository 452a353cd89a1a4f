import { answerOf, api } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { loadJob } from '../job/load-job.js';
import { CursorPager } from '../show/cursor-pager.js';
import { LoadState } from '../show/load-state.js';
import { askedRuns, entriesOf } from './asked-runs.js';
import type { RunEntry } from './fold-quiet.js';
import { RunTable, type NamedJob, type RunOfJob } from './run-table.js';

/** The newest real runs, whatever their job is, deleted ones too. */
export function RunsOfAll() {
  const asked = askedRuns();
  const list = useLoaded(
    `runs ${JSON.stringify(asked)}`,
    (signal) => loadRuns(asked, signal),
    ({ type }) => type.startsWith('Run'),
  );
  return (
    <LoadState of={list}>
      {({ entries, jobs, next }) => (
        <>
          <RunTable
            caption="The newest runs of all jobs, without dry runs"
            entries={entries}
            jobOf={(id) => jobs.get(id)}
          />
          <CursorPager next={next} />
        </>
      )}
    </LoadState>
  );
}

interface NamedRuns {
  entries: RunEntry<RunOfJob>[];
  jobs: ReadonlyMap<string, NamedJob>;
  next: string | null;
}

/** The list has the ids of jobs alone: each job of a run that is shown is asked for once. */
async function loadRuns(query: ReturnType<typeof askedRuns>, signal: AbortSignal): Promise<NamedRuns> {
  const runs = await answerOf(api.GET('/api/v1/certification-cron/runs', { params: { query }, signal }));
  const entries = entriesOf(runs.data);
  const ids = new Set(entries.flatMap((entry) => ('run' in entry ? [entry.run.cron_id] : [])));
  const shown = await Promise.all([...ids].map((id) => loadJob({ id, as_of: undefined, signal })));
  return { entries, jobs: new Map(shown.map(({ job }) => [job.id, job])), next: runs.pagination.next_cursor };
}
