import { useState } from 'preact/hooks';
import { answerOf, api, newKey, type Schemas } from '../api/client.js';
import { lookAgain } from '../live/live.js';
import { ReasonedDialog } from './reasoned-dialog.js';

interface RestoreJobProps {
  job: Schemas['ShownJob'];
  onClose: () => void;
}

/** Brings a deleted job back. */
export function RestoreJob({ job: { id, name, enabled }, onClose }: RestoreJobProps) {
  const [key] = useState(newKey);
  const act = async (reason: string | null): Promise<void> => {
    await answerOf(
      api.POST('/api/v1/certification-cron/{id}/restore', {
        params: { path: { id }, header: { 'Idempotency-Key': key } },
        body: { reason: reason ?? '' },
      }),
    );
    lookAgain();
  };
  return (
    <ReasonedDialog title="Restore this job?" verb="Restore" needsReason act={act} onClose={onClose}>
      <p>
        <strong>{name}</strong> is back as it was when it was deleted{enabled ? '' : ': disabled'}, with its
        runs and its history. It owes no slot of the time between.
      </p>
    </ReasonedDialog>
  );
}
