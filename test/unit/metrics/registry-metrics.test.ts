import { expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { registerRegistryMetrics } from '../../../src/metrics/registry-metrics.js';
import type { RegistrySummary } from '../../../src/ports/certification-registry.js';
import { StoreError } from '../../../src/ports/store-error.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const SUMMARY: RegistrySummary = {
  total: 6,
  by_status: { active: 3, suspended: 2, withdrawn: 1 },
  last_changed_at: '2026-03-26T10:00:00.500Z',
};

function measured(summary: () => Promise<RegistrySummary>) {
  const [registry, clock] = [new Registry(), createVirtualClock('2026-03-26T12:00:00.000Z')];
  registerRegistryMetrics([registry], { clock, certifications: { summary } });
  const lines = async (): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return { clock, lines };
}

it('the registry is asked once for a scrape, and shown by status with the time of its last change', async () => {
  let asked = 0;
  const { lines } = measured(() => Promise.resolve(((asked += 1), SUMMARY)));
  expect(await lines()).toEqual([
    'certification_cron_certifications{status="active"} 3',
    'certification_cron_certifications{status="suspended"} 2',
    'certification_cron_certifications{status="withdrawn"} 1',
    'certification_cron_registry_last_change_timestamp_seconds 1774519200.5',
  ]);
  expect(asked).toBe(1);
});

it('a registry that never had a record has no time of a change', async () => {
  const { lines } = measured(() => Promise.resolve({ ...SUMMARY, last_changed_at: null }));
  expect((await lines()).join('\n')).not.toContain('registry_last_change');
});

it('a registry that cannot be asked, or does not answer, fails no scrape and leaves no old numbers', async () => {
  let summary = (): Promise<RegistrySummary> => Promise.resolve(SUMMARY);
  const { clock, lines } = measured(() => summary());
  expect(await lines()).toHaveLength(4);
  summary = () => Promise.reject(new StoreError('store_unavailable', 'down'));
  expect(await lines()).toEqual([]);
  summary = () => Promise.resolve(SUMMARY);
  expect(await lines()).toHaveLength(4);
  summary = () => new Promise(() => undefined);
  const waiting = lines();
  await clock.advance(1_000);
  expect(await waiting).toEqual([]);
});

it('a fault of the program is not hidden', async () => {
  const { lines } = measured(() => Promise.reject(new TypeError('a bug')));
  await expect(lines()).rejects.toThrow('a bug');
});
