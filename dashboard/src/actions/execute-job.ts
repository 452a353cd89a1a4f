import { answerOf, api, type Schemas } from '../api/client.js';
import { hrefOf } from '../place/parse-place.js';
import { goTo } from '../place/place.js';

/**
 * Starts a run, and shows it.
 * @param key of this intention: a second click, or another try after a lost answer, starts no second run
 * @throws ApiProblem
 */
export async function executeJob(id: string, body: Schemas['ExecuteJobRequest'], key: string): Promise<void> {
  const { run_id } = await answerOf(
    api.POST('/api/v1/certification-cron/{id}/execute', {
      params: { path: { id }, header: { 'Idempotency-Key': key } },
      body,
    }),
  );
  goTo(hrefOf(['jobs', id, 'runs', run_id]));
}
