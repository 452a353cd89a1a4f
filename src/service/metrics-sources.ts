import type { Core } from '../core/core.js';
import type { JobFold } from '../fold/job-fold.js';
import type { HealthDependencies } from '../http/health.js';
import type { MetricsSources } from '../metrics/asked-metrics.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import { whichAreWell } from './dependencies.js';

/** Sources of the queried metrics. */
export function metricsSources(
  { leadership, fold, projections, messaging }: Core,
  { log, clock }: { log: EventLog; clock: Clock },
  dependencies: HealthDependencies['dependencies'],
): MetricsSources {
  return {
    clock,
    log,
    leader: leadership.state,
    runsInProgress: () => countOpenRuns(fold),
    followers: { ...projections, ...(messaging && { publisher: messaging.publisher }) },
    dependencies: () => whichAreWell(dependencies, clock),
  };
}

function countOpenRuns(fold: JobFold): number {
  let open = 0;
  for (const { job } of fold.all()) open += job.open_runs.length;
  return open;
}
