import type { ShownJob } from '../job/load-job.js';

/** @param shown the job that is changed; undefined: one is created */
export function JobFormView({ shown }: { shown?: ShownJob }) {
  return <p>{shown?.job.id}</p>;
}
