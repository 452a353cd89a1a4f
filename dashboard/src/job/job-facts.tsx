import type { Schemas } from '../api/client.js';
import { ScheduleWords } from '../jobs/schedule-words.js';
import { limitWords, selectionWords, thresholdWords } from '../runs/run-words.js';
import { hrefOf } from '../place/parse-place.js';
import { fieldLabel } from '../show/field-names.js';
import { Instant } from '../show/instant.js';
import { duration } from '../show/show-duration.js';

interface JobFactsProps {
  job: Schemas['ShownJob'];
  /** All settings are unfolded. */
  isWhole: boolean;
}

/** What a job is set to, and what comes next. */
export function JobFacts({ job, isWhole }: JobFactsProps) {
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
          <Instant at={job.next_run_at} zone={zone} none="none" />
        </dd>
        <dt>Reminds</dt>
        <dd>
          {thresholds === null ? 'at the default thresholds of the service' : thresholdWords(thresholds)}
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
      <details open={isWhole}>
        <summary>All settings</summary>
        <dl class="facts">
          <dt>{fieldLabel('catchup_policy')}</dt>
          <dd>
            {job.catchup_policy}, within {duration(job.catchup_window_seconds * 1_000)}; late after{' '}
            {duration(job.misfire_grace_seconds * 1_000)}
          </dd>
          <dt>{fieldLabel('concurrency_policy')}</dt>
          <dd>{job.concurrency_policy}</dd>
          <dt>{fieldLabel('timeout_seconds')}</dt>
          <dd>{duration(job.timeout_seconds * 1_000)}</dd>
          <dt>{fieldLabel('max_reminders')}</dt>
          <dd>{limitWords({ max_reminders: job.max_reminders, confirm_reminders: null })}</dd>
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
