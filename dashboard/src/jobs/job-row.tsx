import type { Schemas } from '../api/client.js';
import { hrefOf } from '../place/parse-place.js';
import { Badge } from '../show/badge.js';
import { Instant } from '../show/instant.js';
import { NewestRuns } from './newest-runs.js';
import { ScheduleWords } from './schedule-words.js';

type Job = Schemas['ListedJob'];

export function JobRow({ job }: { job: Job }) {
  const { id, name, time_zone: zone, last_run_status, last_run_at, last_run_result, warnings } = job;
  return (
    <tr>
      <th scope="row">
        <a href={hrefOf(['jobs', id])}>
          <bdi>{name}</bdi>
        </a>
        {job.labels.length > 0 && (
          <div>
            {job.labels.map((label) => (
              <a key={label} class="badge" href={hrefOf(['jobs'], { label })}>
                {label}
              </a>
            ))}
          </div>
        )}
      </th>
      <td data-label="State">
        <Badge of={job.deleted_at ? 'deleted' : job.status} />
        {warnings.length > 0 && (
          <div>
            <a
              class="badge odd"
              href={hrefOf(['jobs', id])}
              title={warnings.map(({ message }) => message).join('; ')}
            >
              {warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`}
            </a>
          </div>
        )}
      </td>
      <td data-label="Schedule">
        <ScheduleWords of={job} />
      </td>
      <td data-label="Next slot">
        <Instant at={job.next_run_at} zone={zone} none="none" />
      </td>
      <td data-label="Last run">
        {last_run_status === null ? (
          <span class="quiet">never</span>
        ) : (
          <>
            <Badge of={last_run_status} /> <Instant at={last_run_at} zone={zone} />
            {last_run_result && (
              <div class="quiet">
                {last_run_result.mentors_checked} mentors checked, {last_run_result.reminders_sent} reminded
                {last_run_result.warnings.length > 0 && ', with warnings'}
              </div>
            )}
          </>
        )}
      </td>
      <td data-label="Newest runs">
        <NewestRuns job={id} zone={zone} />
      </td>
    </tr>
  );
}
