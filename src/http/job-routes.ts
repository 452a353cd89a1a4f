import { Router, type Request, type RequestHandler, type Response } from 'express';
import type { JobFold } from '../fold/job-fold.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import { refusedToday } from '../schedule/refused-today.js';
import { etagOf } from './condition-of.js';
import { definedOnly } from './defined-only.js';
import type { JobAnswers } from './job-answers.js';
import { newRow, shownAfter } from './job-bodies.js';
import { jobList } from './job-list.js';
import type { JobReads } from './job-reads.js';
import type { JobRequests } from './job-requests.js';
import { onlyMethods } from './only-methods.js';
import { parseBody, parseCronId, parseNoQuery, parseQuery } from './parse-request.js';
import type { PastJobs } from './past-jobs.js';
import { principalOf } from './principal-of.js';
import { hasReadOnly, withoutReadOnly } from './read-only-fields.js';
import { createdId } from './request-key.js';
import { sameInBoth } from './same-in-both.js';
import type { SendCommand } from './send-command.js';
import { timeTravelRequests } from './time-travel-requests.js';
import { untilGone } from './until-gone.js';

export interface JobRoutesDependencies {
  send: SendCommand;
  jobs: JobReads;
  past: PastJobs;
  answers: JobAnswers;
  fold: Pick<JobFold, 'get'>;
  clock: Clock;
  ids: Ids;
  allowSeconds: boolean;
  requests: JobRequests;
}

/** The jobs themselves: five endpoints of the contract, and the reset of a watermark. */
export function jobRoutes(dependencies: JobRoutesDependencies): Router {
  const { send, jobs, past, answers, fold, clock, ids, allowSeconds, requests } = dependencies;
  const { bodyOf, answerChanged, pastBody, unchangeableOf } = answers;
  const options = { allowSeconds };
  const router = Router({ caseSensitive: true });

  /** What an earlier version accepted and would be refused today may stay as it is. */
  function withoutKept(body: unknown, cronId: string): unknown {
    const config = fold.get(cronId)?.job.config;
    const refused = config === undefined ? [] : refusedToday(config, options);
    const kept = refused
      .map(({ field }) => field)
      .filter((field) => isSame(body, field, config?.[field] ?? ''));
    if (kept.length === 0) return body;
    return Object.fromEntries(
      Object.entries(body as object).filter(([field]) => !kept.some((one) => one === field)),
    );
  }

  const create: RequestHandler = async (request, response) => {
    parseNoQuery(request);
    const config = parseBody(requests.create, request.body);
    const { actor } = principalOf(response);
    const cronId = createdId(request, actor) ?? `cron-${ids.uuid().replaceAll('-', '')}`;
    const { job } = await send(cronId, { type: 'ScheduleCronJob', config: definedOnly(config) }, response);
    response
      .status(201)
      .location(`${request.baseUrl}/${cronId}`)
      .set('ETag', etagOf(job))
      .json(bodyOf(shownAfter(job, newRow(job), options), job));
  };

  const details = untilGone(async (request: Request<{ id: string }>, response, gone) => {
    const cronId = parseCronId(request.params.id);
    const { as_of } = parseQuery(timeTravelRequests.details, request);
    if (as_of !== undefined) {
      const found = await past.find(cronId, as_of, 'as_of', gone);
      response.set('ETag', etagOf(found.job)).json(pastBody(found));
      return;
    }
    const job = await jobs.findPresent(cronId);
    response.set('ETag', etagOf(job)).json(bodyOf(job));
  });

  const update = async (request: Request<{ id: string }>, response: Response): Promise<void> => {
    const cronId = parseCronId(request.params.id);
    parseNoQuery(request);
    const sent: unknown = request.body;
    const own = hasReadOnly(sent) ? withoutReadOnly(sent, await unchangeableOf(cronId)) : sent;
    const { reason, ...changes } = parseBody(requests.update, withoutKept(own, cronId));
    const command = { type: 'UpdateCronJob', changes: definedOnly(changes), reason: reason ?? null } as const;
    await answerChanged(await send(cronId, command, response), response);
  };

  const remove = async (request: Request<{ id: string }>, response: Response): Promise<void> => {
    const cronId = parseCronId(request.params.id);
    const inQuery = parseQuery(requests.remove, request);
    const inBody = parseBody(requests.remove, request.body);
    const reason = sameInBoth('reason', inQuery.reason, inBody.reason) ?? null;
    await send(cronId, { type: 'DeleteCronJob', reason }, response);
    response.json({ deleted: true, id: cronId });
  };

  const reset = async (request: Request<{ id: string }>, response: Response): Promise<void> => {
    const cronId = parseCronId(request.params.id);
    parseNoQuery(request);
    const { reason = null } = parseBody(requests.reset, request.body);
    await answerChanged(await send(cronId, { type: 'ResetWatermark', reason }, response), response);
  };

  router
    .route('/')
    .get(jobList({ jobs, answers, clock }))
    .post(create)
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/:id')
    .get(details)
    .put(update)
    .delete(remove)
    .all(onlyMethods('GET', 'HEAD', 'PUT', 'DELETE'));
  router.route('/:id/reset-watermark').post(reset).all(onlyMethods('POST'));
  return router;
}

/** Neither blanks around an expression nor the case of letters mean anything. */
function isSame(body: unknown, field: string, value: string): boolean {
  const given =
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[field] : undefined;
  return typeof given === 'string' && given.trim().toLowerCase() === value.toLowerCase();
}
