import { answerOf, api, type Schemas } from '../api/client.js';
import { may } from '../api/session.js';
import { useLoaded } from '../api/use-loaded.js';
import { hrefOf } from '../place/parse-place.js';
import { CancelRun } from '../runs/cancel-run.js';
import { durationOf, durationWords } from '../runs/run-facts.js';
import { RunFailure } from '../runs/run-failure.js';
import { RunResult } from '../runs/run-result.js';
import { RunRules } from '../runs/run-rules.js';
import { RunTrigger } from '../runs/run-trigger.js';
import { Badge } from '../show/badge.js';
import { Instant } from '../show/instant.js';
import { LoadState } from '../show/load-state.js';

/** One run of a job: why it has begun, what has become of it, and by which rules. */
export function RunView({ job, runId }: { job: Schemas['ShownJob']; runId: string }) {
  const run = useLoaded(
    `run ${job.id} ${runId}`,
    (signal) =>
      answerOf(
        api.GET('/api/v1/certification-cron/{id}/runs/{run_id}', {
          params: { path: { id: job.id, run_id: runId } },
          signal,
        }),
      ),
    (event) => event.cron_id === job.id && event.data.run_id === runId,
  );
  return (
    <>
      <p>
        <a href={hrefOf(['jobs', job.id])}>All runs of this job</a>
      </p>
      <LoadState of={run}>{(shown) => <ShownRun job={job} run={shown} onChanged={run.reload} />}</LoadState>
    </>
  );
}

interface ShownRunProps {
  job: Schemas['ShownJob'];
  run: Schemas['Run'];
  onChanged: () => void;
}

function ShownRun({ job, run, onChanged }: ShownRunProps) {
  const { status, result, error, rules } = run;
  return (
    <>
      <div class="row spread">
        <h2>
          Run of <Instant at={run.started_at} zone={job.time_zone} />{' '}
          <span role="status">
            <Badge of={status} />
          </span>{' '}
          {run.dry_run === true && <Badge of="dry run" />}
        </h2>
        {status === 'running' && may('operate') && <CancelRun run={run} onDone={onChanged} />}
      </div>
      {error !== null && <RunFailure job={job} error={error} />}
      <RunFacts job={job} run={run} />
      {result !== null && <RunResult run={run} result={result} />}
      {rules !== null ? (
        <RunRules rules={rules} />
      ) : (
        <p class="quiet">By which rules it went is not on record: an earlier version made it.</p>
      )}
    </>
  );
}

function RunFacts({ job, run }: Omit<ShownRunProps, 'onChanged'>) {
  const ms = durationOf(run);
  return (
    <section class="card" aria-label="Of this run">
      <dl class="facts">
        <dt>Trigger</dt>
        <dd>
          <RunTrigger run={run} zone={job.time_zone} />
        </dd>
        {run.trigger === 'manual' && (
          <>
            <dt>By whom</dt>
            <dd>
              <a href={hrefOf(['jobs', job.id, 'history'])}>the history says</a>
            </dd>
          </>
        )}
        <dt>Kind</dt>
        <dd>{run.dry_run === true ? 'dry run: it asks for no reminder' : 'real run'}</dd>
        <dt>Began</dt>
        <dd>
          <Instant at={run.started_at} zone={job.time_zone} />
        </dd>
        <dt>Ended</dt>
        <dd>
          <Instant at={run.completed_at} zone={job.time_zone} none="not yet: it is running" />
        </dd>
        {ms !== undefined && (
          <>
            <dt>Took</dt>
            <dd>{durationWords(ms)}</dd>
          </>
        )}
        <dt>Id</dt>
        <dd>
          <code>{run.run_id}</code>
        </dd>
      </dl>
    </section>
  );
}
