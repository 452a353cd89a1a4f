import { useRef } from 'preact/hooks';
import { answerOf, api } from '../api/client.js';
import type { ShownJob } from '../job/load-job.js';
import { ReasonedDialog } from './reasoned-dialog.js';
import { underCondition } from './under-condition.js';

/** A repeat of a delete meets no job, so it needs no key. */
export function DeleteJob({ job: { id, name }, etag, onClose }: ShownJob & { onClose: () => void }) {
  const seen = useRef({ id, etag });
  const act = (reason: string | null): Promise<void> =>
    underCondition(seen.current, (header) =>
      answerOf(
        api.DELETE('/api/v1/certification-cron/{id}', { params: { path: { id }, header }, body: { reason } }),
      ),
    );
  return (
    <ReasonedDialog title="Delete this job?" verb="Delete" isDanger act={act} onClose={onClose}>
      <p>
        <strong>{name}</strong> reminds nobody any more: slots that wait are skipped, and no run starts. A run
        that is open goes on.
      </p>
      <p>Its runs and its history stay. It can be restored; slots of the time between are not made up for.</p>
    </ReasonedDialog>
  );
}
