import { Router, type Request, type Response } from 'express';
import type { DONE_BY_DECLARATION } from '../answers/job-answers.js';
import type { JobFold } from '../fold/job-fold.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import { asRead } from './as-read.js';
import { etagOf } from './condition-of.js';
import { definedOnly } from './defined-only.js';
import type { JobAnswers } from './job-answers.js';
import type { JobReads } from './job-reads.js';
import type { JobRequests } from './job-requests.js';
import { onlyMethods } from './only-methods.js';
import { parseBody, parseJobKey, parseNoQuery } from './parse-request.js';
import type { PastJobs } from './past-jobs.js';
import { hasReadOnly, withoutReadOnly } from './read-only-fields.js';
import { declaredId } from './request-key.js';
import type { SendCommand, Sent } from './send-command.js';
import { untilGone } from './until-gone.js';

export interface DeclaredJobRoutesDependencies {
  send: SendCommand;
  jobs: Pick<JobReads, 'findPresent'>;
  past: Pick<PastJobs, 'toRestore'>;
  answers: Pick<JobAnswers, 'bodyOf' | 'changedBody' | 'unchangeableOf'>;
  fold: Pick<JobFold, 'get'>;
  clock: Clock;
  ids: Ids;
  requests: Pick<JobRequests, 'declare'>;
}

type OfKey = Request<{ key: string }>;

type Declared = (typeof DONE_BY_DECLARATION)[number];

/** Jobs as clients declare them, by a key of their own: the same request may be sent at any time, by anybody. */
export function declaredJobRoutes(dependencies: DeclaredJobRoutesDependencies): Router {
  const { send, jobs, past, answers, fold, clock, ids, requests } = dependencies;
  const router = Router({ caseSensitive: true });

  const declare = untilGone(async (request: OfKey, response, gone) => {
    const key = parseJobKey(request.params.key);
    parseNoQuery(request);
    const cronId = declaredId(key);
    const sentBack: unknown = request.body;
    const own = hasReadOnly(sentBack)
      ? withoutReadOnly(sentBack, { ...(await answers.unchangeableOf(cronId)), key })
      : sentBack;
    const { reason = null, ...wanted } = parseBody(requests.declare, own);
    const command = { type: 'DeclareCronJob', key, config: definedOnly(wanted), reason } as const;
    const sent = await asRead(
      async () => {
        if (fold.get(cronId)?.job.deleted !== true) return send(cronId, command, response);
        const { job: deleted, version } = await past.toRestore(cronId, gone);
        return send(cronId, { ...command, deleted, version }, response);
      },
      { clock, ids },
    );
    const declared = doneBy(sent);
    const body = await answers.changedBody(sent, response);
    const place = `${request.baseUrl}/${cronId}`;
    if (declared === 'created' || declared === 'restored') response.status(201).location(place);
    response.set({ ETag: etagOf(sent.job), 'Content-Location': place }).json({ ...body, declared });
  });

  const details = async (request: OfKey, response: Response): Promise<void> => {
    const key = parseJobKey(request.params.key);
    parseNoQuery(request);
    const cronId = declaredId(key);
    const job = await jobs.findPresent(cronId);
    response
      .set({ ETag: etagOf(job), 'Content-Location': `${request.baseUrl}/${cronId}` })
      .json(answers.bodyOf(job));
  };

  router
    .route('/by-key/:key')
    .get(details)
    .put(declare)
    .all(onlyMethods('GET', 'HEAD', 'PUT'));
  return router;
}

function doneBy({ events }: Sent): Declared {
  const types = new Set(events.map(({ type }) => type));
  if (types.has('CronJobScheduled')) return 'created';
  if (types.has('CronJobRestored')) return 'restored';
  return types.has('CronJobUpdated') ? 'updated' : 'unchanged';
}
