import { Router, type Request, type Response } from 'express';
import type { Logger } from '../ports/logger.js';
import { createTurns } from '../waiting/turns.js';
import { actOnJobs } from './act-on-jobs.js';
import { createBulkAct, failedResult, type BulkAct, type BulkActionDependencies } from './bulk-action.js';
import { bulkBody, type BulkResult } from './bulk-body.js';
import { createBulkJobs, type BulkJobsDependencies } from './bulk-jobs.js';
import { placeOf } from './bulk-page.js';
import { bulkRequest, type BulkRequest } from './bulk-requests.js';
import { cursorText } from './cursor.js';
import { onlyMethods } from './only-methods.js';
import { parseBody, parseNoQuery } from './parse-request.js';
import { principalOf } from './principal-of.js';
import { invalidRequest, problemOf } from './problem.js';
import { refuseTags } from './refuse-conditions.js';
import { requestIdOf } from './request-id.js';
import { bulkKeyOf } from './request-key.js';
import { shortHash } from './short-hash.js';
import { traceField } from './trace-of.js';
import { untilGone } from './until-gone.js';

export interface BulkRoutesDependencies extends BulkJobsDependencies, BulkActionDependencies {
  logger: Logger;
}

/** Of all bulk requests of an instance so many act at the same time, each on some jobs: others find the log free. */
const REQUESTS_AT_ONCE = 2;

/** What was done to one job, and the error of an attempt whose outcome nobody knows. */
interface Attempt {
  result: BulkResult;
  unsure: { error: unknown } | undefined;
}

/** One action on many jobs, which a filter finds: a page of them with each request, so that each is bounded. */
export function bulkRoutes(dependencies: BulkRoutesDependencies): Router {
  const { clock, logger } = dependencies;
  const router = Router({ caseSensitive: true });
  const found = createBulkJobs(dependencies);
  const turns = createTurns(REQUESTS_AT_ONCE);

  const bulk = untilGone(async (request: Request, response, gone) => {
    parseNoQuery(request);
    refuseTags(request.headers);
    const asked = parseBody(bulkRequest, request.body);
    const of = assertSameQuestion(asked);
    const given = bulkKeyOf(request, principalOf(response).actor);
    // A dry run may be asked for again at any time.
    const key = asked.dry_run ? undefined : given;
    const { jobs, more, total, repeated } = await found.find(asked, key);
    const act = attempting(createBulkAct(dependencies, asked, { key, response }), key !== undefined);
    const attempts = await actOnJobs(
      jobs.map(({ cron_id }) => cron_id),
      { act, atLeast: repeated, endsAfter: ({ unsure }) => unsure !== undefined, turns, clock, gone },
    );
    tellUnsure(attempts, { dry_run: asked.dry_run, repeated }, response);
    const items = attempts.flatMap(({ result }, at) => {
      const job = jobs[at];
      return job === undefined ? [] : [{ id: job.cron_id, name: job.name, ...result }];
    });
    const last = jobs[attempts.length - 1];
    const isMore = more || attempts.length < jobs.length;
    const next_cursor = last === undefined || !isMore ? null : cursorText({ ...placeOf(last), total, of });
    response.json(bulkBody(asked, { items, total, next_cursor }));
  });

  /**
   * @throws the error of the first attempt that failed, where nothing is known to be done, so nothing need be told; and
   * where a repeat ends before the last job that an earlier try has met: a cursor there would lead to that once more
   */
  function tellUnsure(
    attempts: readonly Attempt[],
    { dry_run, repeated }: { dry_run: boolean; repeated: number },
    response: Response,
  ): void {
    const unsure = attempts.flatMap((attempt) => attempt.unsure ?? []);
    const [first] = unsure;
    if (first === undefined) return;
    if (dry_run || unsure.length === attempts.length || attempts.length < repeated) throw first.error;
    const { actor } = principalOf(response);
    const fields = { request_id: requestIdOf(response), actor, ...traceField(response), jobs: unsure.length };
    const unexpected = unsure.find(({ error }) => problemOf(error) === undefined);
    if (unexpected === undefined)
      logger.warn({ err: first.error, ...fields }, 'bulk request ended early: a store cannot be used');
    else logger.error({ err: unexpected.error, ...fields }, 'bulk request ended early: it failed for a job');
  }

  router.route('/bulk').post(bulk).all(onlyMethods('POST'));
  return router;
}

/** What fails for one job is told of it, and does not end the others. */
function attempting(act: BulkAct, isRepeatable: boolean): (cronId: string) => Promise<Attempt> {
  return async (cronId) => {
    try {
      return { result: await act(cronId), unsure: undefined };
    } catch (error) {
      const result = failedResult(error, isRepeatable);
      return { result, unsure: result.outcome === 'unknown' ? { error } : undefined };
    }
  };
}

/**
 * Pages may change their size and their reason on the way, but not what is done, and to which jobs.
 * @returns the digest of the question
 * @throws ProblemError invalid_request for a cursor of another question
 */
function assertSameQuestion({ filter, action, cursor }: BulkRequest): string {
  const of = shortHash({ filter, action });
  if (cursor === undefined || cursor.of === of) return of;
  const message = 'must be the next_cursor of an answer to the same filter and action';
  throw invalidRequest([{ field: 'cursor', message }]);
}
