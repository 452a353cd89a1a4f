import type { RunError, RunResult } from '../events/job-events.js';
import { parseEvent, type JobEvent } from '../events/parse-event.js';
import { fromTimestamp } from '../events/timestamp.js';
import type { JobFold } from '../fold/job-fold.js';
import type { RunOutcome, ServiceMetrics } from '../metrics/service-metrics.js';
import type { AppendedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';

type DataOf<T extends JobEvent['type']> = Extract<JobEvent, { type: T }>['data'];

export interface TellOfJobsDependencies {
  /** As it was before these events: it has the names of the jobs, and their open runs. */
  fold: () => Pick<JobFold, 'get'>;
  metrics: Pick<ServiceMetrics, 'slotStarted' | 'runEnded' | 'runWarned'>;
  logger: Logger;
}

/**
 * What people and monitors hear of jobs: how late a slot was started, how each run ended and what it warns of, which schedule cannot be
 * computed. By the instance that wrote it, so once for the whole fleet.
 */
export function tellOfJobs({ fold, metrics, logger }: TellOfJobsDependencies) {
  function tellOfEnd({ cron_id, run_id, status, result, error, completed_at }: DataOf<'RunCompleted'>): void {
    metrics.runEnded(outcomeOf(status, error));
    const warnings = result?.warnings ?? [];
    for (const { code } of warnings) metrics.runWarned(code);
    const job = fold().get(cron_id)?.job;
    const run = job?.open_runs.find((open) => open.run_id === run_id);
    const about = run && {
      trigger: run.trigger,
      dry_run: run.dry_run,
      took_ms: fromTimestamp(completed_at) - run.started_at,
    };
    const fields = { cron_id, name: job?.config.name, run_id, ...about, ...(result && counted(result)) };
    if (error !== null) logger.warn({ ...fields, error }, 'run failed');
    else if ((result?.errors ?? 0) > 0) logger.warn(fields, 'run ended with errors');
    else if (warnings.length > 0) logger.warn(fields, 'run ended with warnings');
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

function outcomeOf(status: 'success' | 'failed', error: RunError | null): RunOutcome {
  switch (error?.code) {
    case 'timed_out':
    case 'cancelled':
    case 'too_many_reminders':
      return error.code;
    default:
      return status;
  }
}

/** What a result says, without what is none: a line of the log is short. */
function counted({ records_checked, reasons, warnings, ...counts }: RunResult): object {
  const met = Object.entries(reasons ?? {}).filter(([, records]) => records > 0);
  return {
    ...counts,
    ...(records_checked !== null && { records_checked }),
    ...(met.length > 0 && { reasons: Object.fromEntries(met) }),
    ...(warnings.length > 0 && { warnings }),
  };
}
