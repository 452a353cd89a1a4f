import { answerOf, api, type Schemas } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { hrefOf } from '../place/parse-place.js';
import { Instant } from '../show/instant.js';
import { JobName } from '../show/job-name.js';
import { LoadState } from '../show/load-state.js';
import { duration } from '../show/show-duration.js';
import { latenessOf, type Lateness } from './lateness.js';

type Run = Schemas['RunInList'];
const NEWEST = 100;
const SLOWEST = 5;

/** How long after their slots the newest runs of all jobs have started. */
export function LatenessCard() {
  const runs = useLoaded(
    'lateness',
    (signal) =>
      answerOf(
        api.GET('/api/v1/certification-cron/runs', {
          params: { query: { trigger: 'schedule', limit: NEWEST } },
          signal,
        }),
      ),
    ({ type }) => type === 'RunStarted',
  );
  return (
    <section class="card" aria-labelledby="lateness">
      <h2 id="lateness">Lateness of slots</h2>
      <LoadState of={runs}>
        {({ data }) => <LatenessFacts of={latenessOf(data, { slowest: SLOWEST })} />}
      </LoadState>
    </section>
  );
}

function LatenessFacts({ of: lateness }: { of: Lateness<Run> | undefined }) {
  if (lateness === undefined) return <p class="quiet">No slot has started a run yet.</p>;
  const { count, medianMs, p95Ms, slowest } = lateness;
  return (
    <>
      <dl class="facts">
        <dt>Median</dt>
        <dd>{duration(medianMs)}</dd>
        <dt>95 of 100 within</dt>
        <dd>{duration(p95Ms)}</dd>
        <dt>Measured</dt>
        <dd>{count === 1 ? 'the newest run of a slot' : `the newest ${count} runs of slots`}</dd>
      </dl>
      {slowest.length > 0 && (
        <>
          <h3 class="slowest">The latest of them</h3>
          <ul class="plain">
            {slowest.map((run) => (
              <li key={run.run_id}>
                <a href={hrefOf(['jobs', run.cron_id, 'runs', run.run_id])}>
                  {duration(run.late_by_ms ?? 0)}
                </a>{' '}
                for <Instant at={run.slot} />, <JobName id={run.cron_id} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
