import type { Schemas } from '../api/client.js';

export function RunView({ job, runId }: { job: Schemas['ShownJob']; runId: string }) {
  return (
    <p>
      {job.id} {runId}
    </p>
  );
}
