import type { Schemas } from '../api/client.js';
import { hrefOf } from '../place/parse-place.js';
import { Badge } from '../show/badge.js';
import { Instant } from '../show/instant.js';
import { TableHead } from '../show/table-head.js';
import { remindedWords } from './reminded-words.js';

export type NamedJob = Pick<Schemas['ShownJob'], 'id' | 'name' | 'time_zone'>;

interface RunTableProps {
  caption: string;
  runs: readonly { run: Schemas['RunInList']; job: NamedJob | undefined }[];
}

/** Runs, and how many each has reminded, which leads to whom. */
export function RunTable({ caption, runs }: RunTableProps) {
  if (runs.length === 0) return <p>No run yet: nobody was reminded.</p>;
  return (
    <div class="table cards">
      <table>
        <caption>{caption}</caption>
        <TableHead titles={['Started', 'Job', 'Reminded', 'Result']} />
        <tbody>
          {runs.map(({ run, job }) => (
            <tr key={run.run_id}>
              <th scope="row">
                <Instant at={run.started_at} {...(job && { zone: job.time_zone })} />
              </th>
              <td class="any-text" data-label="Job">
                <a href={hrefOf(['expiring', 'reminded'], { job: run.cron_id })}>
                  <bdi>{job?.name ?? run.cron_id}</bdi>
                </a>
              </td>
              <td data-label="Reminded">
                <a href={hrefOf(['expiring', 'reminded'], { job: run.cron_id, run: run.run_id })}>
                  {remindedWords(run)}
                </a>
              </td>
              <td data-label="Result">
                <Badge of={run.status} />{' '}
                {run.error && <span class="quiet">{run.error.code.replaceAll('_', ' ')}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
