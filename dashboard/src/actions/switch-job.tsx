import { useRef, useState } from 'preact/hooks';
import { answerOf, api, newKey } from '../api/client.js';
import type { ShownJob } from '../job/load-job.js';
import { ReasonedDialog } from './reasoned-dialog.js';
import { underCondition } from './under-condition.js';

/** Enables a job, or disables it: whichever it was not when the dialog opened. */
export function SwitchJob({ job, etag, onClose }: ShownJob & { onClose: () => void }) {
  const { id, name } = job;
  const [enabled] = useState(!job.enabled);
  const [key] = useState(newKey);
  const seen = useRef({ id, etag });
  const act = (reason: string | null): Promise<void> =>
    underCondition(seen.current, (condition) =>
      answerOf(
        api.PUT('/api/v1/certification-cron/{id}', {
          params: { path: { id }, header: { 'Idempotency-Key': key, ...condition } },
          body: { enabled, reason },
        }),
      ),
    );
  return (
    <ReasonedDialog
      title={enabled ? 'Enable this job?' : 'Disable this job?'}
      verb={enabled ? 'Enable' : 'Disable'}
      act={act}
      onClose={onClose}
    >
      {enabled ? (
        <p>
          <strong>{name}</strong> owes its slots again, from now on. Those of the time between are not made up
          for.
        </p>
      ) : (
        <p>
          <strong>{name}</strong> owes nothing until it is enabled again: slots that wait are skipped, and no
          run starts but by hand. A run that is open goes on.
        </p>
      )}
    </ReasonedDialog>
  );
}
