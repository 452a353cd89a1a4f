import { Gauge, type Registry } from 'prom-client';
import { fromTimestamp } from '../events/timestamp.js';
import type { CertificationRegistry, RegistrySummary } from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import { StoreError } from '../ports/store-error.js';
import { inTime } from '../waiting/in-time.js';
import { PREFIX } from './service-metrics.js';

const ANSWER_WITHIN_MS = 1_000;

export interface RegistryMetricsSources {
  clock: Clock;
  certifications: Pick<CertificationRegistry, 'summary'>;
}

/** Registers what the registry says of itself at each scrape: nothing while it does not answer, since a number would be made up. */
export function registerRegistryMetrics(
  registers: Registry[],
  { clock, certifications }: RegistryMetricsSources,
): void {
  let asked: Promise<RegistrySummary | undefined> | undefined;

  /** Once for all metrics of a scrape. */
  function summary(): Promise<RegistrySummary | undefined> {
    asked ??= inTime(clock, ANSWER_WITHIN_MS, certifications.summary())
      .catch((error: unknown) => {
        if (error instanceof StoreError) return undefined;
        throw error;
      })
      .finally(() => {
        asked = undefined;
      });
    return asked;
  }

  new Gauge({
    name: `${PREFIX}certifications`,
    help: 'Records of the registry, by status; every instance shows the same',
    labelNames: ['status'],
    registers,
    async collect() {
      const said = await summary();
      this.reset();
      for (const [status, records] of Object.entries(said?.by_status ?? {})) this.set({ status }, records);
    },
  });
  new Gauge({
    name: `${PREFIX}registry_last_change_timestamp_seconds`,
    help: 'When the registry was last written to, also by a feed that confirmed what is there; none before its first record',
    registers,
    async collect() {
      const said = await summary();
      this.remove();
      if (said !== undefined && said.last_changed_at !== null)
        this.set(fromTimestamp(said.last_changed_at) / 1_000);
    },
  });
}
