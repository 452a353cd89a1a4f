import { Router, type Request, type Response } from 'express';
import { toWholeSeconds } from '../events/timestamp.js';
import type { ReadStore } from '../ports/read-store.js';
import { page, runInList } from './job-bodies.js';
import type { JobReads } from './job-reads.js';
import type { JobRequests } from './job-requests.js';
import { onlyMethods } from './only-methods.js';
import { parseBody, parseCronId, parseQuery } from './parse-request.js';
import { sameInBoth } from './same-in-both.js';
import type { SendCommand } from './send-command.js';

export interface RunRoutesDependencies {
  send: SendCommand;
  jobs: Pick<JobReads, 'find'>;
  store: Pick<ReadStore, 'listRuns'>;
  requests: JobRequests;
}

/** Runs of a job: one that is started by hand, and those that were. */
export function runRoutes({ send, jobs, store, requests }: RunRoutesDependencies): Router {
  const router = Router({ caseSensitive: true });

  const execute = async (request: Request<{ id: string }>, response: Response): Promise<void> => {
    const cronId = parseCronId(request.params.id);
    const inQuery = parseQuery(requests.executeQuery, request);
    const inBody = parseBody(requests.execute, request.body);
    const dry_run = sameInBoth('dry_run', inQuery.dry_run, inBody.dry_run) ?? false;
    const { events } = await send(cronId, { type: 'TriggerRun', dry_run }, response);
    const started = events.findLast(({ type }) => type === 'RunStarted')?.data as {
      run_id: string;
      started_at: string;
    };
    response.status(202).json({
      run_id: started.run_id,
      cron_id: cronId,
      triggered_at: toWholeSeconds(started.started_at),
      status: 'running',
      dry_run,
    });
  };

  const runs = async (request: Request<{ id: string }>, response: Response): Promise<void> => {
    const cronId = parseCronId(request.params.id);
    const { page: number, limit } = parseQuery(requests.page, request);
    const { run_count: total } = await jobs.find(cronId);
    // A job's runs are numbered without gaps, so a page is a range of numbers and the last costs what the first does.
    const newest = total - (number - 1) * limit;
    const found = newest < 1 ? [] : await store.listRuns(cronId, { from: newest - limit + 1, to: newest });
    response.json(page(found.map(runInList), { page: number, limit, total }));
  };

  router.route('/:id/execute').post(execute).all(onlyMethods('POST'));
  router.route('/:id/runs').get(runs).all(onlyMethods('GET', 'HEAD'));
  return router;
}
