import { Router, type Request, type RequestHandler, type Response } from 'express';
import { isScheduling, type CronJob } from '../job/cron-job.js';
import { noSuchJob } from '../job/domain-error.js';
import type { JobFold } from '../fold/job-fold.js';
import type { Clock } from '../ports/clock.js';
import { StoreError } from '../ports/store-error.js';
import { previewSlots, type SlotPreview } from '../schedule/preview-slots.js';
import { ScheduleError } from '../schedule/schedule-error.js';
import { assertEverDue, scheduleOf } from '../schedule/slots.js';
import { turnWithTime } from '../waiting/turn-with-time.js';
import type { JobRequests } from './job-requests.js';
import { onlyMethods } from './only-methods.js';
import { parseBody, parseCronId, parseNoQuery, parseQuery } from './parse-request.js';
import { nextSlotsBody, previewBody } from './schedule-bodies.js';

export interface ScheduleRoutesDependencies {
  /** Slots follow from the state that decisions are made on, not from a read model, which may be behind. */
  fold: Pick<JobFold, 'get' | 'refresh'>;
  clock: Clock;
  allowSeconds: boolean;
  requests: Pick<JobRequests, 'next' | 'preview'>;
}

/**
 * Upcoming slots: of an existing job, and of a schedule under consideration. Writes nothing. Rare slots take a
 * millisecond or two to find, so those of many requests are found in different turns of the event loop.
 */
export function scheduleRoutes({ fold, clock, allowSeconds, requests }: ScheduleRoutesDependencies): Router {
  const router = Router({ caseSensitive: true });

  /** None while the job owes nothing. The next Tick records what cannot be computed, and its status then says so. */
  function upcoming(job: CronJob, count: number): SlotPreview[] {
    if (!isScheduling(job)) return [];
    const { cron_expression, time_zone } = job.config;
    try {
      return previewSlots(scheduleOf(cron_expression, time_zone, { allowSeconds }), job.watermark, count);
    } catch (error) {
      if (error instanceof ScheduleError) return [];
      throw error;
    }
  }

  /** Another instance may have changed it just now; while the log is down, shows the last known state. */
  async function newest(cronId: string): Promise<CronJob | undefined> {
    try {
      return (await fold.refresh(cronId))?.job;
    } catch (error) {
      const known = fold.get(cronId)?.job;
      if (error instanceof StoreError && known !== undefined) return known;
      throw error;
    }
  }

  const next = async (request: Request<{ id: string }>, response: Response): Promise<void> => {
    const cronId = parseCronId(request.params.id);
    const { count } = parseQuery(requests.next, request);
    const job = await newest(cronId);
    if (job === undefined || job.deleted) throw noSuchJob(cronId, job !== undefined);
    await turnWithTime(clock);
    response.json(nextSlotsBody(job, upcoming(job, count)));
  };

  const previewSchedule: RequestHandler = async (request, response) => {
    const {
      cron_expression,
      time_zone,
      count,
      from = clock.now(),
    } = parseBody(requests.preview, request.body);
    parseNoQuery(request);
    await turnWithTime(clock);
    const schedule = scheduleOf(cron_expression, time_zone, { allowSeconds });
    assertEverDue(schedule, from);
    const slots = previewSlots(schedule, from, count);
    response.json(previewBody({ schedule, timeZone: time_zone, from }, slots));
  };

  router.route('/preview').post(previewSchedule).all(onlyMethods('POST'));
  router.route('/:id/next').get(next).all(onlyMethods('GET', 'HEAD'));
  return router;
}
