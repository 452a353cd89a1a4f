import type { ShownJob } from '../job/load-job.js';

export function JobActions({ job, etag }: ShownJob) {
  return (
    <p>
      {job.id} {etag}
    </p>
  );
}
