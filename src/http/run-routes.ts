import { Router, type Request, type Response } from 'express';
import { parseEvent } from '../events/parse-event.js';
import { toTimestamp, toWholeSeconds } from '../events/timestamp.js';
import type { JobFold } from '../fold/job-fold.js';
import type { OpenRun } from '../job/cron-job.js';
import { DomainError } from '../job/domain-error.js';
import type { AppendedEvent } from '../ports/event-log.js';
import type { RunDocument } from '../ports/read-models.js';
import { runBody, type ShownRun } from './job-bodies.js';
import { ifReadable, type JobReads } from './job-reads.js';
import type { JobRequests } from './job-requests.js';
import { onlyMethods } from './only-methods.js';
import { parseBody, parseCronId, parseNoQuery, parseQuery, parseRunId } from './parse-request.js';
import { invalidRequest, ProblemError } from './problem.js';
import { stillMay } from './principal-of.js';
import { hasEnded, type Run, type RunWaits, type Wait } from './run-waits.js';
import { sameInBoth } from './same-in-both.js';
import { READS_LAG, type SendCommand } from './send-command.js';
import { untilGone } from './until-gone.js';

export interface RunRoutesDependencies {
  send: SendCommand;
  jobs: Pick<JobReads, 'find' | 'findRun'>;
  fold: Pick<JobFold, 'get'>;
  requests: JobRequests;
  waits: RunWaits;
}

type OfJob = Request<{ id: string }>;
type OfRun = Request<{ id: string; run_id: string }>;

/** A run of a job: it is started or cancelled by hand, and shown. */
export function runRoutes({ send, jobs, fold, requests, waits }: RunRoutesDependencies): Router {
  const router = Router({ caseSensitive: true });

  const execute = untilGone(async (request: OfJob, response, gone) => {
    const cronId = parseCronId(request.params.id);
    const inQuery = parseQuery(requests.executeQuery, request);
    const inBody = parseBody(requests.execute, request.body);
    const dry_run = sameInBoth('dry_run', inQuery.dry_run, inBody.dry_run) ?? false;
    const { confirm_reminders = null, reason = null } = inBody;
    if (dry_run && confirm_reminders !== null)
      throw invalidRequest([
        { field: 'confirm_reminders', message: 'must be left out of a dry run, which asks for no reminder' },
      ]);
    const { wait: seconds } = inQuery;
    // Before anything is done: a run that was started is answered with 2xx, come what may.
    const leave = seconds === 0 ? undefined : waits.take(response);
    try {
      const command = { type: 'TriggerRun', dry_run, confirm_reminders, reason } as const;
      const { events } = await send(cronId, command, response);
      const started = events.findLast(({ type }) => type === 'RunStarted')?.data as {
        run_id: string;
        started_at: string;
      };
      const { run_id } = started;
      const triggered_at = toWholeSeconds(started.started_at);
      const ended = leave && (await endOf({ cronId, runId: run_id }, { seconds, response, gone }));
      response.location(`${request.baseUrl}/${cronId}/runs/${run_id}`);
      const accepted = { run_id, cron_id: cronId, triggered_at, status: 'running', dry_run };
      if (ended === undefined) response.status(202).json(accepted);
      else response.json({ ...accepted, ...runBody(ended) });
    } finally {
      leave?.();
    }
  });

  /** @returns undefined when it has not ended in time, its end cannot be read, or its sender may see no more */
  async function endOf(run: Run, wait: Wait): Promise<RunDocument | undefined> {
    const found = await ifReadable(waits.untilEnded(run, wait));
    if (found === undefined) wait.response.set(READS_LAG, 'true');
    const isShown = found !== undefined && hasEnded(found) && (await stillMay(wait.response, 'operate'));
    return isShown ? found : undefined;
  }

  const one = untilGone(async (request: OfRun, response, gone) => {
    const [cronId, runId] = [parseCronId(request.params.id), parseRunId(request.params.run_id)];
    const { wait: seconds } = parseQuery(requests.run, request);
    if (seconds === 0) {
      response.json(runBody(await jobs.findRun(cronId, runId)));
      return;
    }
    const leave = waits.take(response);
    try {
      const found = await waits.untilEnded({ cronId, runId }, { seconds, response, gone });
      if (!(await stillMay(response, 'read'))) throw mayNoLonger();
      response.json(runBody(found));
    } finally {
      leave();
    }
  });

  const cancel = async (request: OfRun, response: Response): Promise<void> => {
    const [cronId, runId] = [parseCronId(request.params.id), parseRunId(request.params.run_id)];
    parseNoQuery(request);
    const { reason } = parseBody(requests.cancel, request.body);
    const open = openRun(cronId, runId);
    try {
      const command = { type: 'CancelRun', run_id: runId, reason: reason ?? null } as const;
      const { events, projected } = await send(cronId, command, response);
      const row = projected ? await ifReadable(jobs.findRun(cronId, runId)) : undefined;
      if (row === undefined) response.set(READS_LAG, 'true');
      response.json(runBody(row ?? cancelled(events, runId, open)));
    } catch (error) {
      const isUnknown = error instanceof DomainError && error.code === 'run_not_found';
      if (!isUnknown || fold.get(cronId)?.job.deleted !== true) throw error;
      // What is kept of a deleted job does not say which runs it had.
      await jobs.findRun(cronId, runId);
      throw new DomainError('run_not_open', `${runId} has ended already`);
    }
  };

  function openRun(cronId: string, runId: string): OpenRun | undefined {
    return fold.get(cronId)?.job.open_runs.find(({ run_id }) => run_id === runId);
  }

  router.route('/:id/execute').post(execute).all(onlyMethods('POST'));
  router.route('/:id/runs/:run_id').get(one).all(onlyMethods('GET', 'HEAD'));
  router.route('/:id/runs/:run_id/cancel').post(cancel).all(onlyMethods('POST'));
  return router;
}

function mayNoLonger(): ProblemError {
  const detail =
    'what was shown with the request has expired, was withdrawn or lost the scope read meanwhile';
  return new ProblemError({ status: 403, code: 'forbidden', detail });
}

/** A run that has just been cancelled, without the read models: by its last event, and what was known of it before. */
function cancelled(events: readonly AppendedEvent[], runId: string, open: OpenRun | undefined): ShownRun {
  const ends = events.map(parseEvent).filter((event) => event?.type === 'RunCompleted');
  const end = ends.find(({ data }) => data.run_id === runId)?.data;
  if (end === undefined) throw new Error(`${runId} was cancelled without an event`);
  const { run_id, cron_id, status, result, error, completed_at } = end;
  return {
    run_id,
    cron_id,
    started_at: open === undefined ? null : toTimestamp(open.started_at),
    completed_at,
    status,
    result,
    error,
    trigger: open?.trigger ?? null,
    slot: null,
    late_by_ms: null,
    dry_run: open?.dry_run ?? null,
    rules: open?.rules ?? null,
    reason: null,
  };
}
