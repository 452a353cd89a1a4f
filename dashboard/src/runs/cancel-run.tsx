import { useState } from 'preact/hooks';
import { ReasonedDialog } from '../actions/reasoned-dialog.js';
import { answerOf, api, newKey, type Schemas } from '../api/client.js';

interface CancelRunProps {
  run: Pick<Schemas['Run'], 'cron_id' | 'run_id'>;
  /** It was cancelled. */
  onDone: () => void;
}

/** Ends a run that has not ended yet. */
export function CancelRun({ run, onDone }: CancelRunProps) {
  // One for each time the dialog is opened: whoever tries again after a lost answer cancels once.
  const [key, setKey] = useState<string>();
  return (
    <>
      <button type="button" class="danger" onClick={() => setKey(newKey())}>
        Cancel this run …
      </button>
      {key !== undefined && (
        <ReasonedDialog
          title="Cancel this run?"
          verb="End it as failed"
          isDanger
          act={async (reason) => {
            await cancel(run, reason, key);
            onDone();
          }}
          onClose={() => setKey(undefined)}
        >
          <p>Reminders that it has asked for already stay asked for, and no later run asks for them again.</p>
        </ReasonedDialog>
      )}
    </>
  );
}

async function cancel(
  { cron_id: id, run_id }: CancelRunProps['run'],
  reason: string | null,
  key: string,
): Promise<void> {
  await answerOf(
    api.POST('/api/v1/certification-cron/{id}/runs/{run_id}/cancel', {
      params: { path: { id, run_id }, header: { 'Idempotency-Key': key } },
      body: { reason },
    }),
  );
}
