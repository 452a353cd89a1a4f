import type { Core } from '../core/core.js';
import type { JobFold } from '../fold/job-fold.js';
import type { HealthDependencies } from '../http/health.js';
import type { MetricsSources } from '../metrics/asked-metrics.js';
import { settledAheadUntil } from '../job/settled-ahead.js';
import type { EventLog } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import { whichAreWell } from './dependencies.js';

/** Sources of the queried metrics. */
export function metricsSources(
  { clock, leadership, fleet, fold, projections, messaging }: Core,
  { log, logger, allowSeconds }: { log: EventLog; logger: Logger; allowSeconds: boolean },
  dependencies: HealthDependencies['dependencies'],
): MetricsSources {
  return {
    clock,
    log,
    leader: leadership.state,
    runsInProgress: () => countOpenRuns(fold),
    jobsSettledAhead: () => countSettledAhead(fold, clock.now(), allowSeconds),
    logLinesDropped: () => logger.dropped?.() ?? 0,
    fleet: fleet.state,
    followers: { ...projections, ...(messaging && { publisher: messaging.publisher }) },
    dependencies: () => whichAreWell(dependencies, clock),
  };
}

function countOpenRuns(fold: JobFold): number {
  let open = 0;
  for (const { job } of fold.all()) open += job.open_runs.length;
  return open;
}

function countSettledAhead(fold: JobFold, now: number, allowSeconds: boolean): number {
  let ahead = 0;
  for (const { job } of fold.all()) if (settledAheadUntil(job, now, { allowSeconds }) !== undefined) ahead++;
  return ahead;
}
