import { Counter, Gauge, type Registry } from 'prom-client';
import type { LeaderState } from '../leadership/leader-state.js';
import type { EventLog } from '../ports/event-log.js';
import { lagSeconds, type Follower } from './lag-seconds.js';
import { registerRegistryMetrics, type RegistryMetricsSources } from './registry-metrics.js';
import { PREFIX } from './service-metrics.js';

/** Queried at each scrape. */
export interface MetricsSources extends RegistryMetricsSources {
  log: Pick<EventLog, 'head'>;
  leader: () => LeaderState;
  runsInProgress: () => Promise<number>;
  jobsSettledAhead: () => Promise<number>;
  logLinesDropped: () => number;
  keysStaleSeconds: () => number;
  fleet: () => { instances: number; otherSettings: number; clockOffMs: number };
  /** Followers that copy the log into another store, by name. */
  followers: Readonly<Record<string, Follower>>;
  /** Whether each dependency is well, by its name. */
  dependencies: () => Promise<Readonly<Record<string, boolean>>>;
}

/** Registers the metrics that are queried, not counted: called last, when all their sources exist. */
export function registerAskedMetrics(registry: Registry, sources: MetricsSources): void {
  const { clock, log, leader, runsInProgress, jobsSettledAhead, followers, dependencies } = sources;
  const registers = [registry];

  new Gauge({
    name: `${PREFIX}leader`,
    help: '1 while this instance leads',
    registers,
    collect() {
      this.set(leader().leading ? 1 : 0);
    },
  });
  new Gauge({
    name: `${PREFIX}leader_term`,
    help: 'The newest term that this instance knows of; 0 before the first',
    registers,
    collect() {
      this.set(leader().term ?? 0);
    },
  });
  new Counter({
    name: `${PREFIX}leader_changes_total`,
    help: 'How often this instance has seen the term change',
    registers,
    collect() {
      this.reset();
      this.inc(leader().changes);
    },
  });
  new Gauge({
    name: `${PREFIX}runs_in_progress`,
    help: 'Runs that are started and not completed, of all instances; each shows the same',
    registers,
    async collect() {
      this.set(await runsInProgress());
    },
  });
  new Gauge({
    name: `${PREFIX}jobs_settled_ahead`,
    help: 'Jobs that are silent because a clock ran ahead and settled their slots before they came',
    registers,
    async collect() {
      this.set(await jobsSettledAhead());
    },
  });
  registerProcessMetrics(registers, sources);
  registerRegistryMetrics(registers, sources);
  new Gauge({
    name: `${PREFIX}lag_seconds`,
    help: 'For how long a follower of the log has not been at its end; only the instance that leads has them',
    labelNames: ['follower'],
    registers,
    async collect() {
      this.reset();
      const lags = await lagSeconds(followers, { clock, log });
      for (const [follower, lag] of Object.entries(lags)) this.set({ follower }, lag);
    },
  });
  new Gauge({
    name: `${PREFIX}dependency_up`,
    help: '0 while a store or the message bus is degraded for this instance',
    labelNames: ['dependency'],
    registers,
    async collect() {
      for (const [dependency, isUp] of Object.entries(await dependencies()))
        this.set({ dependency }, isUp ? 1 : 0);
    },
  });
}

/** Of this process and its machine, among the others. */
function registerProcessMetrics(
  registers: Registry[],
  { fleet, logLinesDropped, keysStaleSeconds }: MetricsSources,
): void {
  new Counter({
    name: `${PREFIX}log_lines_dropped_total`,
    help: 'Log lines that the output did not take',
    registers,
    collect() {
      this.reset();
      this.inc(logLinesDropped());
    },
  });
  new Gauge({
    name: `${PREFIX}api_keys_file_stale_seconds`,
    help: 'For how long the file of API keys could not be used, with the earlier keys in force; 0 while it can',
    registers,
    collect() {
      this.set(keysStaleSeconds());
    },
  });
  new Gauge({
    name: `${PREFIX}instances`,
    help: 'Instances heard lately, this one included',
    registers,
    collect() {
      this.set(fleet().instances);
    },
  });
  new Gauge({
    name: `${PREFIX}instances_with_other_settings`,
    help: 'Other instances whose settings differ from those of this one',
    registers,
    collect() {
      this.set(fleet().otherSettings);
    },
  });
  new Gauge({
    name: `${PREFIX}clock_off_seconds`,
    help: 'Wall clock of this machine minus the time that the instances agree on',
    registers,
    collect() {
      this.set(fleet().clockOffMs / 1000);
    },
  });
}
