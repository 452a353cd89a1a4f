import { Router, type Request, type Response } from 'express';
import type { Logger } from '../ports/logger.js';
import { createTurns } from '../waiting/turns.js';
import { actOnJobs } from './act-on-jobs.js';
import { createBulkAct, failedResult, type BulkAct, type BulkActionDependencies } from './bulk-action.js';
import { bulkBody, type BulkResult } from './bulk-body.js';
import { createBulkJobs, type BulkJobsDependencies, type FoundJobs } from './bulk-jobs.js';
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
  /** Undefined where the job fits no more. */
  result: BulkResult | undefined;
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
    const page = await found.find(asked, key);
    const { jobs, more, total, repeated } = page;
    const act = attempting(createBulkAct(dependencies, asked, { key, response }), page, key !== undefined);
    const attempts = await actOnJobs(
      jobs.map(({ cron_id }) => cron_id),
      { act, atLeast: repeated, endsAfter: ({ unsure }) => unsure !== undefined, turns, clock, gone },
    );
    tellUnsure(attempts, { dry_run: asked.dry_run, repeated }, response);
    const items = attempts.flatMap(({ result }, at) => {
      const job = jobs[at];
      return job === undefined || result === undefined
        ? []
        : [{ id: job.cron_id, name: job.name, ...result }];
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
    const isNothingKnown = attempts.every(({ result, unsure: failure }) => result === undefined || failure);
    if (dry_run || isNothingKnown || attempts.length < repeated) throw first.error;
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
function attempting(
  act: BulkAct,
  { areStillMeant }: Pick<FoundJobs, 'areStillMeant'>,
  isRepeatable: boolean,
): (cronIds: readonly string[]) => Promise<Attempt[]> {
  const failed = (error: unknown): Attempt => {
    const result = failedResult(error, isRepeatable);
    return { result, unsure: result.outcome === 'unknown' ? { error } : undefined };
  };
  const attempt = async (cronId: string, isMeant: boolean | undefined): Promise<Attempt> => {
    if (isMeant !== true) return { result: undefined, unsure: undefined };
    try {
      return { result: await act(cronId), unsure: undefined };
    } catch (error) {
      return failed(error);
    }
  };
  return async (cronIds) => {
    try {
      const areMeant = await areStillMeant(cronIds);
      return await Promise.all(cronIds.map((cronId, at) => attempt(cronId, areMeant[at])));
    } catch (error) {
      return cronIds.map(() => failed(error));
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
