import { Router, type Request } from 'express';
import { configOf } from '../events/job-config.js';
import { toTimestamp } from '../events/timestamp.js';
import { changedFields } from '../history/changed-fields.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import { asRead } from './as-read.js';
import type { JobAnswers } from './job-answers.js';
import type { JobRequests } from './job-requests.js';
import { onlyMethods } from './only-methods.js';
import { parseBody, parseCronId, parseNoQuery, parseQuery } from './parse-request.js';
import type { PastJob, PastJobs } from './past-jobs.js';
import type { SendCommand } from './send-command.js';
import { timeTravelRequests } from './time-travel-requests.js';
import { untilGone } from './until-gone.js';

export interface TimeTravelRoutesDependencies {
  send: SendCommand;
  past: PastJobs;
  answers: Pick<JobAnswers, 'answerChanged'>;
  clock: Clock;
  ids: Ids;
  requests: Pick<JobRequests, 'update'>;
}

type OfJob = Request<{ id: string }>;

/** What has changed between two moments of a job; a configuration taken up again, and a deleted job brought back. */
export function timeTravelRoutes({
  send,
  past,
  answers,
  clock,
  ids,
  requests,
}: TimeTravelRoutesDependencies): Router {
  const router = Router({ caseSensitive: true });

  const diff = untilGone(async (request: OfJob, response, gone) => {
    const cronId = parseCronId(request.params.id);
    const { from, to } = parseQuery(timeTravelRequests.diff, request);
    const one = await past.find(cronId, from, 'from', gone);
    const other = await (to === undefined ? past.newest(cronId, gone) : past.find(cronId, to, 'to', gone));
    response.json({
      cron_id: cronId,
      from: placeOf(one),
      to: placeOf(other),
      changes: changedFields(one.job.config, other.job.config),
    });
  });

  const revert = untilGone(async (request: OfJob, response, gone) => {
    const cronId = parseCronId(request.params.id);
    parseNoQuery(request);
    const { version, reason } = parseBody(timeTravelRequests.revert, request.body);
    const reverted = await asRead(
      async () => {
        const before = await past.newest(cronId, gone);
        const { config } = (await past.find(cronId, { version }, 'version', gone)).job;
        const changed = changedFields(before.job.config, config).map(({ field, to }) => [field, to] as const);
        parseBody(requests.update, Object.fromEntries(changed));
        const command = { type: 'UpdateCronJob', changes: config, reason, reverted_to: version } as const;
        // What an earlier version accepted and would be refused today may only stay as it is: as long as it is so.
        const isAllowed = requests.update.safeParse(configOf(config)).success;
        return send(cronId, isAllowed ? command : { ...command, version: before.version }, response);
      },
      { clock, ids },
    );
    await answers.answerChanged(reverted, response);
  });

  const restore = untilGone(async (request: OfJob, response, gone) => {
    const cronId = parseCronId(request.params.id);
    parseNoQuery(request);
    const { reason } = parseBody(timeTravelRequests.restore, request.body);
    const restored = await asRead(
      async () => {
        const { job: deleted, version } = await past.toRestore(cronId, gone);
        return send(cronId, { type: 'RestoreCronJob', deleted, version, reason }, response);
      },
      { clock, ids },
    );
    await answers.answerChanged(restored, response);
  });

  router.route('/:id/diff').get(diff).all(onlyMethods('GET', 'HEAD'));
  router.route('/:id/revert').post(revert).all(onlyMethods('POST'));
  router.route('/:id/restore').post(restore).all(onlyMethods('POST'));
  return router;
}

function placeOf({ version, at }: PastJob): { version: number; as_of: string } {
  return { version, as_of: toTimestamp(at) };
}
