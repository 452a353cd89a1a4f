import { useState } from 'preact/hooks';
import { newKey, type Schemas } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import { hrefOf } from '../place/parse-place.js';
import { executeJob } from './execute-job.js';
import { ReasonedDialog } from './reasoned-dialog.js';

interface RunNowProps {
  job: Schemas['ShownJob'];
  onClose: () => void;
}

/** Starts a real run by hand. */
export function RunNow({ job: { id, name, enabled }, onClose }: RunNowProps) {
  const [key] = useState(newKey);
  const [open, setOpen] = useState<string>();
  const act = async (reason: string | null): Promise<void> => {
    setOpen(undefined);
    try {
      await executeJob(id, { reason }, key);
    } catch (error) {
      if (error instanceof ApiProblem) setOpen(error.runId);
      throw error;
    }
  };
  return (
    <ReasonedDialog title="Run now?" verb="Run now" act={act} onClose={onClose}>
      {open !== undefined && (
        <p>
          <a href={hrefOf(['jobs', id, 'runs', open])} onClick={onClose}>
            The run that is open
          </a>
        </p>
      )}
      <p>
        A run of <strong>{name}</strong> starts at once and asks for the reminders that are due. It stands for
        no slot: those come as they would{enabled ? '' : ' when the job is enabled'}. A dry run only counts.
      </p>
    </ReasonedDialog>
  );
}
