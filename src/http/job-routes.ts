import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { CommandHandler, HandledAndProjected } from '../commands/handle-commands.js';
import type { JobFold } from '../fold/job-fold.js';
import { DomainError } from '../job/domain-error.js';
import type { JobCommand } from '../job/decide.js';
import { settledAheadUntil } from '../job/settled-ahead.js';
import { toWholeSeconds } from '../events/timestamp.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import type { JobDocument } from '../ports/read-models.js';
import type { ReadStore } from '../ports/read-store.js';
import { createdJob, jobDetails, jobInList, page, runInList, updatedJob } from './job-bodies.js';
import type { JobRequests } from './job-requests.js';
import { onlyMethods } from './only-methods.js';
import { parseBody, parseCronId, parseQuery } from './parse-request.js';
import { invalidRequest } from './problem.js';
import { requestIdOf } from './request-id.js';

export interface JobRoutesDependencies {
  commands: CommandHandler;
  store: ReadStore;
  fold: Pick<JobFold, 'get'>;
  clock: Clock;
  ids: Ids;
  allowSeconds: boolean;
  requests: JobRequests;
}

/** Says that a write is durable, but that reads do not show it yet. */
const READS_LAG = 'Reads-Lag';

/** The seven endpoints of the contract, and the reset of a watermark. */
export function jobRoutes(dependencies: JobRoutesDependencies): Router {
  const { commands, store, fold, clock, ids, allowSeconds, requests } = dependencies;
  const router = Router({ caseSensitive: true });

  async function send(cronId: string, command: JobCommand, response: Response): Promise<HandledAndProjected> {
    const cause = { actor: 'anonymous', correlation_id: requestIdOf(response), causation_id: null };
    const handled = await commands.handleAndProject({ cronId, command, cause });
    if (!handled.projected) response.set(READS_LAG, 'true');
    return handled;
  }

  async function findJob(cronId: string): Promise<JobDocument> {
    const row = (await store.read('jobs', [cronId])).get(cronId);
    if (row === undefined) throw new DomainError('cron_job_not_found', `there is no cron job ${cronId}`);
    return row.document;
  }

  const list: RequestHandler = async (request, response) => {
    const { page: number, limit } = parseQuery(requests.page, request.query);
    const { jobs, total } = await store.listJobs({ offset: (number - 1) * limit, limit });
    response.json(page(jobs.map(jobInList), { page: number, limit, total }));
  };

  const create: RequestHandler = async (request, response) => {
    const config = parseBody(requests.create, request.body);
    const cronId = `cron-${ids.uuid().replaceAll('-', '')}`;
    const { job } = await send(cronId, { type: 'ScheduleCronJob', config: definedOnly(config) }, response);
    response.status(201).location(`${request.baseUrl}/${cronId}`).json(createdJob(job, { allowSeconds }));
  };

  const details = async (request: Request<{ id: string }>, response: Response): Promise<void> => {
    const cronId = parseCronId(request.params.id);
    const job = await findJob(cronId);
    if (job.deleted_at !== null)
      throw new DomainError('cron_job_not_found', `there is no cron job ${cronId}`);
    const folded = fold.get(cronId);
    const aheadUntil = folded && settledAheadUntil(folded.job, clock.now(), { allowSeconds });
    response.json(jobDetails(job, aheadUntil));
  };

  const update = async (request: Request<{ id: string }>, response: Response): Promise<void> => {
    const cronId = parseCronId(request.params.id);
    const { reason, ...changes } = parseBody(requests.update, request.body);
    const command = { type: 'UpdateCronJob', changes: definedOnly(changes), reason: reason ?? null } as const;
    const { job } = await send(cronId, command, response);
    response.json(updatedJob(job, { allowSeconds }));
  };

  const remove = async (request: Request<{ id: string }>, response: Response): Promise<void> => {
    const cronId = parseCronId(request.params.id);
    // Many clients cannot send a body with DELETE.
    const { reason: inQuery = null } = parseQuery(requests.remove, request.query);
    const { reason: inBody = null } = parseBody(requests.remove, request.body);
    if (inQuery !== null && inBody !== null && inQuery !== inBody)
      throw invalidRequest([{ field: 'reason', message: 'must not differ between the query and the body' }]);
    await send(cronId, { type: 'DeleteCronJob', reason: inQuery ?? inBody }, response);
    response.json({ deleted: true, id: cronId });
  };

  const reset = async (request: Request<{ id: string }>, response: Response): Promise<void> => {
    const cronId = parseCronId(request.params.id);
    const { reason = null } = parseBody(requests.reset, request.body);
    const { job } = await send(cronId, { type: 'ResetWatermark', reason }, response);
    response.json(updatedJob(job, { allowSeconds }));
  };

  const execute = async (request: Request<{ id: string }>, response: Response): Promise<void> => {
    const cronId = parseCronId(request.params.id);
    const { dry_run } = parseBody(requests.execute, request.body);
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
    const { page: number, limit } = parseQuery(requests.page, request.query);
    const { run_count: total } = await findJob(cronId);
    // A job's runs are numbered without gaps, so a page is a range of numbers and the last costs what the first does.
    const newest = total - (number - 1) * limit;
    const found = newest < 1 ? [] : await store.listRuns(cronId, { from: newest - limit + 1, to: newest });
    response.json(page(found.map(runInList), { page: number, limit, total }));
  };

  router
    .route('/')
    .get(list)
    .post(create)
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/:id')
    .get(details)
    .put(update)
    .delete(remove)
    .all(onlyMethods('GET', 'HEAD', 'PUT', 'DELETE'));
  router.route('/:id/reset-watermark').post(reset).all(onlyMethods('POST'));
  router.route('/:id/execute').post(execute).all(onlyMethods('POST'));
  router.route('/:id/runs').get(runs).all(onlyMethods('GET', 'HEAD'));
  return router;
}

function definedOnly<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
