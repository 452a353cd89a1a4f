import { answerOf, api } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { loadJob } from '../job/load-job.js';
import { hrefOf } from '../place/parse-place.js';
import { Badge } from '../show/badge.js';
import { Instant } from '../show/instant.js';
import { LoadState } from '../show/load-state.js';
import { RemindersOfRun } from './reminders-of-run.js';
import { ResultCounts } from './result-counts.js';

/** A run, what it has counted, and whom it has reminded. */
export function RunOfReminders({ id, runId }: { id: string; runId: string }) {
  const loaded = useLoaded(
    `run ${id} ${runId}`,
    async (signal) => {
      const path = { id, run_id: runId };
      const [{ job }, run] = await Promise.all([
        loadJob({ id, as_of: undefined, signal }),
        answerOf(api.GET('/api/v1/certification-cron/{id}/runs/{run_id}', { params: { path }, signal })),
      ]);
      return { job, run };
    },
    (event) => event.cron_id === id,
  );
  return (
    <LoadState of={loaded}>
      {({ job: { name, time_zone: zone }, run: { status, result, error, started_at, dry_run } }) => (
        <>
          <h2>
            Whom{' '}
            <a href={hrefOf(['expiring', 'reminded'], { job: id })}>
              <bdi>{name}</bdi>
            </a>{' '}
            has reminded: <Instant at={started_at} zone={zone} />
          </h2>
          <p>
            <Badge of={status} /> <a href={hrefOf(['jobs', id, 'runs', runId])}>The run</a>
            {' · '}
            <a href={hrefOf(['expiring', 'reminded'])}>The runs of all jobs</a>
          </p>
          {dry_run && <p class="notice">It was a dry run: nobody was reminded.</p>}
          {error && (
            <p class="notice bad">
              It failed, {error.code.replaceAll('_', ' ')}: {error.message}
            </p>
          )}
          {result && <ResultCounts result={result} would={dry_run === true} />}
          <RemindersOfRun id={id} runId={runId} zone={zone} />
        </>
      )}
    </LoadState>
  );
}
