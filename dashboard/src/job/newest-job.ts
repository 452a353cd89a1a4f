import { loadJob, type ShownJob } from './load-job.js';

/** The job as it is now. @throws ApiProblem */
export function newestJob(id: string): Promise<ShownJob> {
  return loadJob({ id, as_of: undefined, signal: new AbortController().signal });
}
