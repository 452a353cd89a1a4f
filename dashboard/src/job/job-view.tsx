import { JobActions } from '../actions/job-actions.js';
import { useLoaded } from '../api/use-loaded.js';
import { hrefOf } from '../place/parse-place.js';
import { place } from '../place/place.js';
import { JobFormView } from '../jobs/job-form-view.js';
import { Badge } from '../show/badge.js';
import { Instant } from '../show/instant.js';
import { LoadState } from '../show/load-state.js';
import { Tabs } from '../show/tabs.js';
import { Title } from '../show/title.js';
import { HistoryTab } from './history-tab.js';
import { JobFacts } from './job-facts.js';
import { loadJob, type ShownJob } from './load-job.js';
import { RunView } from './run-view.js';
import { RunsTab } from './runs-tab.js';
import { SlotsTab } from './slots-tab.js';

const TABS = [
  ['runs', 'Runs'],
  ['slots', 'Slots'],
  ['history', 'History'],
] as const;

/** One job: what it is, and what it has done; also one that was deleted, and one as it was at `as_of`. */
export function JobView({ id }: { id: string }) {
  const { path, query } = place.value;
  const [, , tab = 'runs', run] = path;
  const { as_of } = query;
  const loaded = useLoaded(
    `job ${id} ${as_of ?? ''}`,
    (signal) => loadJob({ id, as_of, signal }),
    (event) => event.cron_id === id,
  );
  return (
    <LoadState of={loaded}>
      {(shown) => (
        <>
          <Title of={[titleOf(path, as_of), shown.job.name]} />
          <JobHead {...shown} />
          {tab === 'edit' ? (
            <JobFormView shown={shown} />
          ) : (
            <>
              {run === undefined && <JobFacts job={shown.job} isWhole={as_of !== undefined} />}
              <Tabs
                label="Of this job"
                path={['jobs', id]}
                tabs={TABS}
                shown={as_of === undefined ? tab : undefined}
              />
              {as_of === undefined && <TabOf shown={shown} tab={tab} run={run} />}
            </>
          )}
        </>
      )}
    </LoadState>
  );
}

/** What has happened to the job: nothing that is shown as it was. */
function TabOf({ shown, tab, run }: { shown: ShownJob; tab: string; run: string | undefined }) {
  if (tab === 'slots') return <SlotsTab job={shown.job} />;
  if (tab === 'history') return <HistoryTab shown={shown} />;
  if (tab !== 'runs') return null;
  return run === undefined ? <RunsTab job={shown.job} /> : <RunView key={run} job={shown.job} runId={run} />;
}

function titleOf([, , tab = 'runs', run]: readonly string[], asOf: string | undefined): string | undefined {
  if (tab === 'edit') return 'Edit';
  if (run !== undefined) return 'Run';
  return asOf === undefined ? TABS.find(([name]) => name === tab)?.[1] : 'As it was';
}

function JobHead({ job, etag }: ShownJob) {
  const { id, name, deleted_at, as_of, version } = job;
  return (
    <>
      <div class="row spread">
        <h1>
          <bdi>{name}</bdi> <Badge of={deleted_at ? 'deleted' : job.status} />
        </h1>
        {place.value.path[2] !== 'edit' && <JobActions job={job} etag={etag} />}
      </div>
      {deleted_at && (
        <p class="notice bad">
          This job was deleted at <Instant at={deleted_at} zone={job.time_zone} />. Its runs and its history
          stay.
        </p>
      )}
      {place.value.query.as_of !== undefined && (
        <p class="notice">
          As it was in version {version}, since <Instant at={as_of} zone={job.time_zone} />.{' '}
          <a href={hrefOf(['jobs', id])}>As it is now</a>
        </p>
      )}
    </>
  );
}
