import { answerOf, api } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { hrefOf } from '../place/parse-place.js';
import { Instant } from '../show/instant.js';
import { JobName } from '../show/job-name.js';
import { LoadState } from '../show/load-state.js';
import { TableHead } from '../show/table-head.js';

const NEWEST = 10;

/** The newest runs of all jobs that have failed. */
export function FailedRuns() {
  const runs = useLoaded(
    'failed runs',
    (signal) =>
      answerOf(
        api.GET('/api/v1/certification-cron/runs', {
          params: { query: { status: 'failed', limit: NEWEST } },
          signal,
        }),
      ),
    ({ type }) => type === 'RunCompleted',
  );
  return (
    <section class="system-list" aria-labelledby="failed">
      <h2 id="failed">Newest failed runs</h2>
      <LoadState of={runs}>
        {({ data }) =>
          data.length === 0 ? (
            <p class="quiet">No run has failed.</p>
          ) : (
            <div class="table cards">
              <table aria-labelledby="failed">
                <TableHead titles={['Job', 'Started', 'Trigger', 'Why']} />
                <tbody>
                  {data.map(({ run_id, cron_id, started_at, trigger, dry_run, error }) => (
                    <tr key={run_id}>
                      <th scope="row">
                        <JobName id={cron_id} />
                      </th>
                      <td data-label="Started">
                        <a href={hrefOf(['jobs', cron_id, 'runs', run_id])}>
                          <Instant at={started_at} none="this run" />
                        </a>
                      </td>
                      <td data-label="Trigger">
                        {trigger === 'manual' ? 'by hand' : trigger}
                        {dry_run && ', dry run'}
                      </td>
                      <td data-label="Why" class="any-text">
                        {error !== null && (
                          <>
                            <strong>{error.code.replaceAll('_', ' ')}</strong>: {error.message}
                          </>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </LoadState>
    </section>
  );
}
