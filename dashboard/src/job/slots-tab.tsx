import type { Schemas } from '../api/client.js';

export function SlotsTab({ job }: { job: Schemas['ShownJob'] }) {
  return <p>{job.id}</p>;
}
