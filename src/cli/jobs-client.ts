import * as z from 'zod';
import type { JobConfig } from '../events/job-config.js';
import { askService, type Question, type ServiceOptions } from './ask-service.js';
import { RefusedError } from './refused-error.js';

const PAGE = 100;

/** What is needed of a job as the service shows it; its settings are compared one by one. */
const foundSchema = z.looseObject({
  id: z.string(),
  key: z.string().nullable(),
  labels: z.array(z.string()),
  config_version: z.number().int(),
});
const listSchema = z.object({
  data: z.array(foundSchema),
  pagination: z.object({ next_cursor: z.string().nullable() }),
});

export type FoundJob = z.infer<typeof foundSchema>;

/**
 * The declared jobs of a running service, over REST. Every write is under a condition, so one that was done though nobody
 * heard of it is not done twice.
 */
export function createJobsClient(options: ServiceOptions) {
  const ask = <T>(question: Question, schema: z.ZodType<T>): Promise<T> =>
    askService(options, question, schema);

  return {
    /** @returns undefined when no job is declared by that key @throws RefusedError */
    async find(key: string): Promise<FoundJob | undefined> {
      try {
        return await ask({ method: 'GET', path: `/by-key/${key}` }, foundSchema);
      } catch (error) {
        if (isNoSuchJob(error)) return undefined;
        throw error;
      }
    },
    /** @param found what was read; undefined: there was none @throws RefusedError 412 when it is so no more */
    async declare(
      { key, config, reason }: { key: string; config: JobConfig; reason: string | undefined },
      found: FoundJob | undefined,
    ): Promise<FoundJob> {
      const headers = found === undefined ? { 'If-None-Match': '*' } : { 'If-Match': etagOf(found) };
      const body = { ...config, ...(reason && { reason }) };
      return ask({ method: 'PUT', path: `/by-key/${key}`, headers, body }, foundSchema);
    },
    /** @throws RefusedError when the service would take no job with that schedule */
    async tryOutSchedule({ cron_expression, time_zone }: JobConfig): Promise<void> {
      const body = { cron_expression, time_zone, count: 1 };
      await ask({ method: 'POST', path: '/preview', body }, z.unknown());
    },
    /** @returns false when it was not there any more @throws RefusedError 412 when it was changed since */
    async remove(found: FoundJob, reason: string): Promise<boolean> {
      const headers = { 'If-Match': etagOf(found) };
      try {
        await ask({ method: 'DELETE', path: `/${found.id}`, headers, body: { reason } }, z.unknown());
        return true;
      } catch (error) {
        if (isNoSuchJob(error)) return false;
        throw error;
      }
    },
    /** All jobs that are declared by a key. @param label only those with it @throws RefusedError */
    async listDeclared(label: string | undefined): Promise<FoundJob[]> {
      const found: FoundJob[] = [];
      const query = new URLSearchParams({ limit: String(PAGE), ...(label !== undefined && { label }) });
      for (;;) {
        const { data, pagination } = await ask({ method: 'GET', path: `/?${query.toString()}` }, listSchema);
        found.push(...data.filter(({ key }) => key !== null));
        if (pagination.next_cursor === null) return found;
        query.set('cursor', pagination.next_cursor);
      }
    },
  };
}

export type JobsClient = ReturnType<typeof createJobsClient>;

/** A path that a service does not know is 404, too. */
function isNoSuchJob(error: unknown): boolean {
  return error instanceof RefusedError && error.refusal.code === 'cron_job_not_found';
}

function etagOf({ config_version }: FoundJob): string {
  return `"${config_version}"`;
}
