import { useEffect, useRef, useState } from 'preact/hooks';
import { may } from '../api/session.js';
import type { ShownJob } from '../job/load-job.js';
import { hrefOf } from '../place/parse-place.js';
import { place } from '../place/place.js';
import { DeleteJob } from './delete-job.js';
import { DryRunButton } from './dry-run-button.js';
import { RestoreJob } from './restore-job.js';
import { RunNow } from './run-now.js';
import { SwitchJob } from './switch-job.js';

type Asking = 'run' | 'switch' | 'delete' | 'restore';

/** What the viewer may do with a job. One that is shown as it was is looked at only. */
export function JobActions({ job, etag }: ShownJob) {
  const [asking, setAsking] = useState<Asking>();
  const isDeleted = Boolean(job.deleted_at);
  const group = useRef<HTMLDivElement>(null);
  const wasDeleted = useRef(isDeleted);
  useEffect(() => {
    // The button that has deleted or restored the job is gone, and another one has come.
    if (wasDeleted.current !== isDeleted && document.activeElement === document.body) group.current?.focus();
    wasDeleted.current = isDeleted;
  }, [isDeleted]);
  if (place.value.query.as_of !== undefined || !(may('operate') || may('write'))) return null;
  const onClose = (): void => setAsking(undefined);
  const button = (opens: Asking, text: string, tone = '') => (
    <button type="button" class={tone} onClick={() => setAsking(opens)}>
      {text}
    </button>
  );
  return (
    <div ref={group} class="row actions" role="group" aria-label="Actions" tabIndex={-1}>
      {isDeleted && may('write') && button('restore', 'Restore', 'main')}
      {!isDeleted && may('operate') && (
        <>
          {button('run', 'Run now', 'main')}
          <DryRunButton job={job.id} />
        </>
      )}
      {!isDeleted && button('switch', job.enabled ? 'Disable' : 'Enable')}
      {!isDeleted && may('write') && (
        <>
          <a class="button" href={hrefOf(['jobs', job.id, 'edit'])}>
            Edit
          </a>
          {button('delete', 'Delete', 'danger')}
        </>
      )}
      {asking === 'run' && <RunNow job={job} onClose={onClose} />}
      {asking === 'switch' && <SwitchJob job={job} etag={etag} onClose={onClose} />}
      {asking === 'delete' && <DeleteJob job={job} etag={etag} onClose={onClose} />}
      {asking === 'restore' && <RestoreJob job={job} onClose={onClose} />}
    </div>
  );
}
