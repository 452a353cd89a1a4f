import type { Schemas } from '../api/client.js';
import { hrefOf } from '../place/parse-place.js';
import { place } from '../place/place.js';
import { Badge } from '../show/badge.js';
import { Instant } from '../show/instant.js';
import { TableHead } from '../show/table-head.js';
import type { RunEntry } from './fold-quiet.js';
import { remindedWords } from './reminded-words.js';

export type NamedJob = Pick<Schemas['ShownJob'], 'id' | 'name' | 'time_zone'>;
export type RunOfJob = Schemas['RunInList'];

interface RunTableProps {
  caption: string;
  entries: readonly RunEntry<RunOfJob>[];
  /** By its id, as far as it is known. */
  jobOf: (id: string) => NamedJob | undefined;
}

/** Runs, and how many each has reminded, which leads to whom. */
export function RunTable({ caption, entries, jobOf }: RunTableProps) {
  if (entries.length === 0) return <p>No run yet: nobody was reminded.</p>;
  const { path, query } = place.value;
  return (
    <div class="table cards">
      <table>
        <caption>
          {caption}
          {query.show === 'all' && (
            <>
              . <a href={hrefOf(path, { ...query, show: undefined })}>Fold those that have reminded nobody</a>
            </>
          )}
        </caption>
        <TableHead titles={['Started', 'Job', 'Reminded', 'Result']} />
        <tbody>
          {entries.map((entry) =>
            'run' in entry ? (
              <RunRow key={entry.run.run_id} run={entry.run} job={jobOf(entry.run.cron_id)} />
            ) : (
              <QuietRow key={entry.quiet[0].run_id} runs={entry.quiet} />
            ),
          )}
        </tbody>
      </table>
    </div>
  );
}

function RunRow({ run, job }: { run: RunOfJob; job: NamedJob | undefined }) {
  return (
    <tr>
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
  );
}

/** @param runs newest first */
function QuietRow({ runs }: { runs: readonly [RunOfJob, RunOfJob, ...RunOfJob[]] }) {
  const { path, query } = place.value;
  const [newest] = runs;
  const oldest = runs.at(-1) ?? newest;
  return (
    <tr>
      <td colSpan={4} class="quiet">
        <a href={hrefOf(path, { ...query, show: 'all' })}>{runs.length} runs</a>, from{' '}
        <Instant at={oldest.started_at} /> to <Instant at={newest.started_at} />, have reminded nobody
      </td>
    </tr>
  );
}
