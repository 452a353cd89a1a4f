import { ApiProblem } from '../api/problem.js';
import { newestJob } from '../job/newest-job.js';
import { lookAgain } from '../live/live.js';

/** Which state of a job a write is for. It is moved on when the viewer is told that another one has come. */
export interface SeenState {
  id: string;
  etag: string | undefined;
}

/**
 * Writes under the condition that the job is as it was seen. Where somebody has changed it meanwhile nothing is done, and the
 * page shows the job as it is now: who tries again then has seen that.
 * @throws ApiProblem
 */
export async function underCondition(
  seen: SeenState,
  write: (condition: { 'If-Match'?: string }) => Promise<unknown>,
): Promise<void> {
  try {
    await write(seen.etag === undefined ? {} : { 'If-Match': seen.etag });
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 412) {
      seen.etag = (await newestJob(seen.id)).etag;
      lookAgain();
    }
    throw error;
  }
  lookAgain();
}
