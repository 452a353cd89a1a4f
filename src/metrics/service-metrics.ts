import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the service counts and measures, for Prometheus. */
export interface ServiceMetrics {
  /** Metrics queried at each scrape register here. */
  registry: Registry;
  /** Records a slot started by this instance, `lateByMs` after its time. */
  slotStarted: (lateByMs: number) => void;
  /** Counts a run whose end this instance has written. */
  runEnded: (outcome: RunOutcome) => void;
  /** In the text format of Prometheus; those who ask at the same time get the same. */
  text(): Promise<string>;
  contentType: string;
}

export type RunOutcome = 'success' | 'failed' | 'timed_out';

export const PREFIX = 'certification_cron_';
const LATENESS_BUCKETS_S = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600];

/**
 * Created before the parts it measures, which get its callbacks.
 * @param build what runs: the versions of the service and of Node.js
 */
export function createServiceMetrics(build: { version: string; node: string }): ServiceMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: `${PREFIX}build_info`,
    help: 'Always 1; the labels say which version of the service runs on which version of Node.js',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set(build, 1);
  const lateness = new Histogram({
    name: `${PREFIX}slot_lateness_seconds`,
    help: 'From the time of a slot to the start of its run, of the slots that this instance has started',
    buckets: LATENESS_BUCKETS_S,
    registers: [registry],
  });
  const ended = new Counter({
    name: `${PREFIX}runs_ended_total`,
    help: 'Runs whose end this instance has written, dry ones included, by outcome',
    labelNames: ['outcome'],
    registers: [registry],
  });
  for (const outcome of ['success', 'failed', 'timed_out'] satisfies RunOutcome[]) ended.inc({ outcome }, 0);
  let asked: Promise<string> | undefined;
  return {
    registry,
    slotStarted: (lateByMs) => {
      lateness.observe(lateByMs / 1_000);
    },
    runEnded: (outcome) => {
      ended.inc({ outcome });
    },
    text() {
      asked ??= registry.metrics().finally(() => {
        asked = undefined;
      });
      return asked;
    },
    contentType: registry.contentType,
  };
}
