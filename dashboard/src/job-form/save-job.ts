import { answerOf, api, type Schemas } from '../api/client.js';
import type { Settings } from './job-draft.js';

/** What was typed: the service says what is wrong with it. */
type Entered = Partial<Record<keyof Settings, unknown>>;

/** @returns its id. @throws ApiProblem */
export async function createJob(entered: Entered, key: string): Promise<string> {
  const { id } = await answerOf(
    api.POST('/api/v1/certification-cron', {
      params: { header: { 'Idempotency-Key': key } },
      body: entered as Schemas['CreateJobRequest'],
    }),
  );
  return id;
}

export interface Update {
  id: string;
  /** Of the job as the viewer has seen it. */
  etag: string | undefined;
  changes: Entered;
  reason: string | null;
  key: string;
}

/** @throws ApiProblem with 412 when the job is no longer as it was seen */
export async function updateJob({ id, etag, changes, reason, key }: Update): Promise<void> {
  await answerOf(
    api.PUT('/api/v1/certification-cron/{id}', {
      params: {
        path: { id },
        header: { 'Idempotency-Key': key, ...(etag !== undefined && { 'If-Match': etag }) },
      },
      body: { ...(changes as Schemas['UpdateJobRequest']), reason },
    }),
  );
}
