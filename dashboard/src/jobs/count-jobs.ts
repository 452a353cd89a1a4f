import { answerOf, api } from '../api/client.js';
import type { JobQuery } from './job-query.js';

/** How many jobs fit each of the filters. */
export function countJobs(
  filters: readonly Readonly<Record<string, string>>[],
  signal: AbortSignal,
): Promise<number[]> {
  return Promise.all(
    filters.map(async (filter) => {
      const query = { ...(filter as JobQuery), limit: 1 };
      const list = await answerOf(api.GET('/api/v1/certification-cron', { params: { query }, signal }));
      return list.pagination.total;
    }),
  );
}
