import type { Schemas } from '../api/client.js';
import { hrefOf } from '../place/parse-place.js';
import { Instant } from '../show/instant.js';
import { count } from '../show/show-duration.js';
import { TableHead } from '../show/table-head.js';
import { thresholdWords } from './days-left-words.js';

type Certification = Pick<Schemas['Certification'], 'reminders' | 'reminders_left_out' | 'jobs'>;

/** The reminders that were asked for, the newest first, each with its run. */
export function AskedReminders({ certification }: { certification: Certification }) {
  const { reminders, reminders_left_out: leftOut, jobs } = certification;
  if (reminders.length === 0) return <p>No reminder was asked for so far.</p>;
  return (
    <div class="table cards">
      <table>
        <caption>
          Reminders asked for so far, the newest first
          {leftOut > 0 && `; ${count(leftOut)} older ones are not shown`}
        </caption>
        <TableHead titles={['Asked for', 'Reminder', 'Expiry then', 'By the run of']} />
        <tbody>
          {reminders.toReversed().map(({ cron_id, run_id, threshold_days, expires_at, requested_at }) => (
            <tr key={`${run_id} ${threshold_days} ${requested_at}`}>
              <th scope="row">
                <Instant at={requested_at} />
              </th>
              <td data-label="Reminder">{thresholdWords(threshold_days)}</td>
              <td data-label="Expiry then">{expires_at}</td>
              <td class="any-text" data-label="By the run of">
                <a href={hrefOf(['expiring', 'reminded'], { job: cron_id, run: run_id })}>
                  <bdi>{jobs.find((job) => job.cron_id === cron_id)?.name ?? cron_id}</bdi>
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
