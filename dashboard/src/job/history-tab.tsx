import { useState } from 'preact/hooks';
import { may } from '../api/session.js';
import { useLoaded } from '../api/use-loaded.js';
import { AsOfForm } from '../history/as-of-form.js';
import { CompareVersions } from '../history/compare-versions.js';
import { HistoryEntry } from '../history/history-entry.js';
import { HistoryList } from '../history/history-list.js';
import { isAct } from '../history/is-act.js';
import { loadActs, loadAll } from '../history/load-history.js';
import { RevertDialog } from '../history/revert-dialog.js';
import { hrefOf } from '../place/parse-place.js';
import { goTo, place } from '../place/place.js';
import { LoadState } from '../show/load-state.js';
import type { ShownJob } from './load-job.js';

/** Who did what to the job, when and why; two versions beside each other; and an earlier one taken up again. */
export function HistoryTab({ shown: { job, etag } }: { shown: ShownJob }) {
  const { id, time_zone: zone } = job;
  const { path, query } = place.value;
  const { cursor, from, to } = query;
  const showsAll = query.show === 'all';
  const [reverting, setReverting] = useState<
    { version: number; etag: string; job: ShownJob['job'] } | undefined
  >(undefined);
  const [isReverted, setReverted] = useState(false);
  const history = useLoaded(
    `history ${id} ${showsAll} ${cursor ?? ''}`,
    (signal) => (showsAll ? loadAll : loadActs)({ id, cursor, signal }),
    // Versions never change: only the newest page gets more.
    (event) => cursor === undefined && event.cron_id === id && (showsAll || isAct(event)),
  );
  const mayRevert = may('write') && etag !== undefined;
  return (
    <>
      {from !== undefined && <CompareVersions job={job} query={query} from={from} to={to} />}
      <div class="row spread end">
        <h2>{showsAll ? 'All events' : 'Changes, and what people did'}</h2>
        <AsOfForm job={id} />
      </div>
      <p>
        {showsAll ? 'With what the service does by itself. ' : 'Without what the service does by itself. '}
        <a href={hrefOf(path, { ...query, cursor: undefined, show: showsAll ? undefined : 'all' })}>
          {showsAll ? 'Only what people did' : 'Show all events'}
        </a>
      </p>
      {isReverted && (
        <p class="notice good" role="status">
          The settings of the earlier version are in force again.
        </p>
      )}
      <LoadState of={history}>
        {(found) => (
          <HistoryList
            found={found}
            zone={zone}
            path={path}
            query={query}
            onRetry={history.retry}
            entry={(event) => (
              <HistoryEntry
                key={event.event_id}
                event={event}
                job={id}
                zone={zone}
                query={query}
                isToday={event.version === job.config_version}
                onRevert={
                  mayRevert
                    ? (version) => {
                        setReverted(false);
                        setReverting({ version, etag, job });
                      }
                    : undefined
                }
              />
            )}
          />
        )}
      </LoadState>
      {reverting !== undefined && (
        <RevertDialog
          seen={reverting}
          version={reverting.version}
          onClose={() => setReverting(undefined)}
          onReverted={() => {
            setReverting(undefined);
            setReverted(true);
            history.reload();
            goTo(hrefOf(path, { show: query.show }));
          }}
        />
      )}
    </>
  );
}
