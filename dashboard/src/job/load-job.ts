import { answerAndTag, answerOf, api, type Schemas } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';

export interface ShownJob {
  job: Schemas['ShownJob'];
  /** Of a job as it is; undefined for one that is shown as it was. */
  etag: string | undefined;
}

interface Asked {
  id: string;
  as_of: string | undefined;
  signal: AbortSignal;
}

/** A job that is not there now may have been deleted: then it is shown as it was last. */
export async function loadJob({ id, as_of, signal }: Asked): Promise<ShownJob> {
  const askFor = (query: {
    as_of?: string;
  }): Promise<{ data: Schemas['ShownJob']; etag: string | undefined }> =>
    answerAndTag(
      api.GET('/api/v1/certification-cron/{id}', { params: { path: { id }, query: query as never }, signal }),
    );
  if (as_of !== undefined) return { job: (await askFor({ as_of })).data, etag: undefined };
  try {
    const { data, etag } = await askFor({});
    return { job: data, etag };
  } catch (error) {
    if (!(error instanceof ApiProblem && error.status === 404)) throw error;
    // Its newest version, and no time: the clock of a viewer may be behind the deletion.
    const events = await answerOf(
      api.GET('/api/v1/certification-cron/{id}/events', {
        params: { path: { id }, query: { limit: 1 } },
        signal,
      }),
    ).catch(() => {
      throw error;
    });
    const newest = events.data[0]?.version ?? 1;
    return { job: (await askFor({ as_of: String(newest) })).data, etag: undefined };
  }
}
