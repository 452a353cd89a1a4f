import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { LeaderState } from '../leadership/leader-state.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import { lagSeconds, type Follower } from './lag-seconds.js';

/** What the service counts and measures, for Prometheus. */
export interface ServiceMetrics {
  /** A slot was started by this instance, so many milliseconds after its time. */
  slotStarted(lateByMs: number): void;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  contentType: string;
}

/** Asked whenever the metrics are read. */
export interface MetricsSources {
  clock: Clock;
  log: Pick<EventLog, 'head'>;
  leader: () => LeaderState;
  runsInProgress: () => number;
  /** What follows the log into another store, by its name. */
  followers: () => Readonly<Record<string, Follower>>;
  /** Whether each dependency is well, by its name. */
  dependencies: () => Promise<Readonly<Record<string, boolean>>>;
}

const PREFIX = 'certification_cron_';
const LATENESS_BUCKETS_S = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600];

export function createServiceMetrics(sources: MetricsSources): ServiceMetrics {
  const { clock, log, leader, runsInProgress, followers, dependencies } = sources;
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const lateness = new Histogram({
    name: `${PREFIX}slot_lateness_seconds`,
    help: 'From the time of a slot to the start of its run, of the slots that this instance has started',
    buckets: LATENESS_BUCKETS_S,
    registers,
  });
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
    collect() {
      this.set(runsInProgress());
    },
  });
  new Gauge({
    name: `${PREFIX}lag_seconds`,
    help: 'For how long a follower of the log has not been at its end; only the instance that leads has them',
    labelNames: ['follower'],
    registers,
    async collect() {
      this.reset();
      const lags = await lagSeconds(followers(), { clock, log });
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

  return {
    slotStarted: (lateByMs) => {
      lateness.observe(lateByMs / 1_000);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
