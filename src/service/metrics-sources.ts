import type { Core } from '../core/core.js';
import type { HealthDependencies } from '../http/health.js';
import type { MetricsSources } from '../metrics/asked-metrics.js';
import type { Adapters } from '../ports/adapters.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import { countOpenRuns, countSettledAhead } from './count-jobs.js';
import { whichAreWell } from './dependencies.js';
import type { OpenCredentials } from './open-credentials.js';

/** Sources of the queried metrics. */
export function metricsSources(
  { clock, leadership, fleet, fold, projections, messaging }: Core,
  { log, registry, logger }: Pick<Adapters, 'log' | 'registry' | 'logger'>,
  { allowSeconds }: ParseOptions,
  {
    dependencies,
    access: { keysStaleSeconds },
  }: Pick<HealthDependencies, 'dependencies'> & { access: Pick<OpenCredentials, 'keysStaleSeconds'> },
): MetricsSources {
  return {
    clock,
    log,
    certifications: registry,
    leader: leadership.state,
    runsInProgress: () => countOpenRuns(fold, clock),
    jobsSettledAhead: () => countSettledAhead(fold, clock, { allowSeconds }),
    keysStaleSeconds,
    logLinesDropped: () => logger.dropped?.() ?? 0,
    fleet: fleet.state,
    followers: { ...projections, ...(messaging && { publisher: messaging.publisher }) },
    dependencies: () => whichAreWell(dependencies, clock),
  };
}
