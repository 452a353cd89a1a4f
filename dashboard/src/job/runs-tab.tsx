import type { Schemas } from '../api/client.js';

export function RunsTab({ job }: { job: Schemas['ShownJob'] }) {
  return <p>{job.id}</p>;
}
