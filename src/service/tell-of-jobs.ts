import { parseEvent, type JobEvent } from '../events/parse-event.js';
import { fromTimestamp } from '../events/timestamp.js';
import type { JobFold } from '../fold/job-fold.js';
import type { ServiceMetrics } from '../metrics/service-metrics.js';
import type { AppendedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';

type DataOf<T extends JobEvent['type']> = Extract<JobEvent, { type: T }>['data'];

export interface TellOfJobsDependencies {
  /** As it was before these events: it has the names of the jobs, and their open runs. */
  fold: () => Pick<JobFold, 'get'>;
  metrics: Pick<ServiceMetrics, 'slotStarted' | 'runEnded'>;
  logger: Logger;
}

/**
 * What people and monitors hear of jobs: how late a slot was started, how each run ended, which schedule cannot be
 * computed. By the instance that wrote it, so once for the whole fleet.
 */
export function tellOfJobs({ fold, metrics, logger }: TellOfJobsDependencies) {
  function tellOfEnd({ cron_id, run_id, status, result, error, completed_at }: DataOf<'RunCompleted'>): void {
    metrics.runEnded(error?.code === 'timed_out' ? 'timed_out' : status);
    const job = fold().get(cron_id)?.job;
    const run = job?.open_runs.find((open) => open.run_id === run_id);
    const about = run && {
      trigger: run.trigger,
      dry_run: run.dry_run,
      took_ms: fromTimestamp(completed_at) - run.started_at,
    };
    const fields = { cron_id, name: job?.config.name, run_id, ...about, ...result };
    if (error !== null) logger.warn({ ...fields, error }, 'run failed');
    else if ((result?.errors ?? 0) > 0) logger.warn(fields, 'run ended with errors');
    else logger.info(fields, 'run ended');
  }

  function tellOfSchedule({ cron_id, message }: DataOf<'ScheduleFailed'>): void {
    const name = fold().get(cron_id)?.job.config.name;
    logger.warn(
      { cron_id, name, reason: message },
      'schedule cannot be computed; its job is silent until it is changed',
    );
  }

  return (events: readonly AppendedEvent[]): void => {
    for (const appended of events) {
      if (!['RunStarted', 'RunCompleted', 'ScheduleFailed'].includes(appended.type)) continue;
      const event = parseEvent(appended);
      if (event?.type === 'RunCompleted') tellOfEnd(event.data);
      else if (event?.type === 'ScheduleFailed') tellOfSchedule(event.data);
      else if (event?.type === 'RunStarted' && event.data.late_by_ms !== null)
        metrics.slotStarted(event.data.late_by_ms);
    }
  };
}
