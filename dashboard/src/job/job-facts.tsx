import type { Schemas } from '../api/client.js';
import { ScheduleWords } from '../jobs/schedule-words.js';
import { selectionWords } from '../runs/run-words.js';
import { hrefOf } from '../place/parse-place.js';
import { Instant } from '../show/instant.js';

/** What a job is set to, and what comes next. */
export function JobFacts({ job }: { job: Schemas['ShownJob'] }) {
  const { time_zone: zone, select, reminder_thresholds: thresholds } = job;
  return (
    <div class="card">
      {job.warnings.map(({ code, message }) => (
        <p key={code + message} class="notice">
          {message}
        </p>
      ))}
      {job.schedule_error !== null && <p class="notice bad">No slot can be computed: {job.schedule_error}</p>}
      {job.description && <p>{job.description}</p>}
      <dl class="facts">
        <dt>Schedule</dt>
        <dd>
          <ScheduleWords of={job} />
        </dd>
        <dt>Next slot</dt>
        <dd>
          <Instant at={job.next_run_at} zone={zone} none="none: it owes nothing" />
        </dd>
        <dt>Reminds</dt>
        <dd>
          {thresholds === null ? 'at the days of the service' : `${thresholds.join(', ')} days before expiry`}
          {select !== null && `, only ${selectionWords(select)}`}
        </dd>
        {job.labels.length > 0 && (
          <>
            <dt>Labels</dt>
            <dd>
              {job.labels.map((label) => (
                <a key={label} class="badge" href={hrefOf(['jobs'], { label })}>
                  {label}
                </a>
              ))}
            </dd>
          </>
        )}
        <dt>Id</dt>
        <dd>
          <code>{job.id}</code>
          {job.key !== null && (
            <>
              , key <code>{job.key}</code>
            </>
          )}
        </dd>
      </dl>
      <details>
        <summary>All settings</summary>
        <dl class="facts">
          <dt>Late slots</dt>
          <dd>
            {job.catchup_policy}, within {job.catchup_window_seconds} s; late after{' '}
            {job.misfire_grace_seconds} s
          </dd>
          <dt>Beside a run that is open</dt>
          <dd>{job.concurrency_policy}</dd>
          <dt>Runs end after</dt>
          <dd>{job.timeout_seconds} s</dd>
          <dt>Reminders of a run</dt>
          <dd>{job.max_reminders === null ? 'the limit of the service' : limitWords(job.max_reminders)}</dd>
          <dt>Created</dt>
          <dd>
            <Instant at={job.created_at} zone={zone} />
          </dd>
          <dt>Changed</dt>
          <dd>
            <Instant at={job.updated_at} zone={zone} />, version {job.config_version}
          </dd>
        </dl>
      </details>
    </div>
  );
}

function limitWords(most: number): string {
  return most === 0 ? 'no limit' : `at most ${most}`;
}
