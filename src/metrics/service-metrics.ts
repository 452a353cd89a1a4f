import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** What the service counts and measures, for Prometheus. */
export interface ServiceMetrics {
  /** What is asked for whenever the metrics are read registers itself here. */
  registry: Registry;
  /** A slot was started by this instance, so many milliseconds after its time. */
  slotStarted: (lateByMs: number) => void;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  contentType: string;
}

export const PREFIX = 'certification_cron_';
const LATENESS_BUCKETS_S = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600];

/** Made before everything that is measured, which is handed what it tells. */
export function createServiceMetrics(): ServiceMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const lateness = new Histogram({
    name: `${PREFIX}slot_lateness_seconds`,
    help: 'From the time of a slot to the start of its run, of the slots that this instance has started',
    buckets: LATENESS_BUCKETS_S,
    registers: [registry],
  });
  return {
    registry,
    slotStarted: (lateByMs) => {
      lateness.observe(lateByMs / 1_000);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
