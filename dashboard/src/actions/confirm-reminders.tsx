import { useState } from 'preact/hooks';
import { newKey } from '../api/client.js';
import { may } from '../api/session.js';
import { count } from '../show/show-duration.js';
import { executeJob } from './execute-job.js';
import { ReasonedDialog } from './reasoned-dialog.js';

interface ConfirmRemindersProps {
  job: { id: string; name: string };
  /** How many reminders the stopped run would have asked for. */
  wouldBe: number;
  /** How many it was allowed. */
  limit: number;
}

/** So many the service lets through at most. */
const MOST = 250_000;

/** Of a run that the brake has stopped: lets the reminders through, once, in a run of its own. */
export function ConfirmReminders({ job, wouldBe, limit }: ConfirmRemindersProps) {
  const [key, setKey] = useState<string>();
  if (!may('operate')) return null;
  const most = Math.min(wouldBe, MOST);
  return (
    <>
      <button type="button" onClick={() => setKey(newKey())}>
        Let {count(wouldBe)} reminders through …
      </button>
      {key !== undefined && (
        <ReasonedDialog
          title={`Let ${count(wouldBe)} reminders through?`}
          verb={`Run, with up to ${count(most)} reminders`}
          act={(reason) => executeJob(job.id, { confirm_reminders: most, reason }, key)}
          onClose={() => setKey(undefined)}
        >
          <p>
            A run of <strong>{job.name}</strong> was stopped: it would have asked for {count(wouldBe)}{' '}
            reminders, and {count(limit)} are allowed. It has asked for none.
          </p>
          <p>
            A new run starts now, and may ask for up to {count(most)} reminders, this once. The limit of the
            job stays.
          </p>
          {wouldBe > MOST && <p>No run with a limit lets more through. A job whose limit is 0 has none.</p>}
        </ReasonedDialog>
      )}
    </>
  );
}
