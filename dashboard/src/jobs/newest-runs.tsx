import { answerOf, api, type Schemas } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { hrefOf } from '../place/parse-place.js';
import { inZone } from '../show/show-instant.js';

const SHOWN = 12;

/** How the newest runs of a job have ended, the newest last; each leads to its run. */
export function NewestRuns({ job: id, zone }: { job: string; zone: string }) {
  const runs = useLoaded(
    `runs ${id}`,
    (signal) =>
      answerOf(
        api.GET('/api/v1/certification-cron/{id}/runs', {
          params: { path: { id }, query: { limit: SHOWN } },
          signal,
        }),
      ),
    (event) => event.cron_id === id,
  );
  if (runs.value === undefined) return <span class="quiet">…</span>;
  if (runs.value.data.length === 0) return <span class="quiet">none</span>;
  return (
    <div class="outcomes">
      {runs.value.data.toReversed().map((run, index, { length }) => (
        <a
          key={run.run_id}
          class={`${run.status}${isWarned(run) ? ' warned' : ''}`}
          href={hrefOf(['jobs', id, 'runs', run.run_id])}
          title={words(run, zone)}
          // By key a list of jobs would otherwise have hundreds of stops; the job has a link to each of its runs.
          tabIndex={index === length - 1 ? undefined : -1}
        >
          <span class="hidden">{words(run, zone)}</span>
        </a>
      ))}
    </div>
  );
}

function isWarned({ status, result }: Schemas['RunInList']): boolean {
  return status === 'success' && (result?.warnings.length ?? 0) > 0;
}

function words(run: Schemas['RunInList'], zone: string): string {
  const at = run.started_at === null ? '' : ` ${inZone(run.started_at, zone).text}`;
  const kind = run.dry_run ? 'dry run' : 'run';
  return `${kind}${at}: ${run.status}${isWarned(run) ? ', with warnings' : ''}`;
}
