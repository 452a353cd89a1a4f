import { parseEvent, type JobEvent } from '../events/parse-event.js';
import type { JobFold } from '../fold/job-fold.js';
import type { ServiceMetrics } from '../metrics/service-metrics.js';
import type { AppendedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';

type RunCompleted = Extract<JobEvent, { type: 'RunCompleted' }>['data'];

export interface TellOfRunsDependencies {
  /** Of the jobs that were written to: it has their names. */
  fold: () => Pick<JobFold, 'get'>;
  metrics: Pick<ServiceMetrics, 'slotStarted' | 'runEnded'>;
  logger: Logger;
}

/**
 * What people and monitors hear of runs: how late a slot was started, how each run ended. By the instance that wrote it,
 * so once for the whole fleet.
 */
export function tellOfRuns({ fold, metrics, logger }: TellOfRunsDependencies) {
  function tellOfEnd({ cron_id, run_id, status, result, error }: RunCompleted): void {
    metrics.runEnded(error?.code === 'timed_out' ? 'timed_out' : status);
    const fields = { cron_id, name: fold().get(cron_id)?.job.config.name, run_id, ...result };
    if (error !== null) logger.warn({ ...fields, error }, 'run failed');
    else if ((result?.errors ?? 0) > 0) logger.warn(fields, 'run ended with errors');
    else logger.info(fields, 'run ended');
  }

  return (events: readonly AppendedEvent[]): void => {
    for (const appended of events) {
      if (appended.type !== 'RunStarted' && appended.type !== 'RunCompleted') continue;
      const event = parseEvent(appended);
      if (event?.type === 'RunCompleted') tellOfEnd(event.data);
      else if (event?.type === 'RunStarted' && event.data.late_by_ms !== null)
        metrics.slotStarted(event.data.late_by_ms);
    }
  };
}
