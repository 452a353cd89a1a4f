import { expect, it } from '@jest/globals';
import type { FoldedJob } from '../../../src/fold/job-fold.js';
import { countOpenRuns, countSettledAhead } from '../../../src/service/count-jobs.js';
import { defaultJobConfig } from '../../../src/events/job-config.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const NOW = '2026-03-26T10:00:00.000Z';
const DAY_MS = 86_400_000;
const JOBS = 20_000;

/** Each look at the time takes 2 ms, so that counting takes as long as with very many jobs. */
function createSlowClock() {
  const clock = createVirtualClock(NOW);
  let [elapsed, yields] = [0, 0];
  return {
    ...clock,
    monotonic: () => (elapsed += 2),
    yield() {
      yields++;
      return clock.yield();
    },
    yields: () => yields,
  };
}

function* jobs(watermark: number): Generator<FoldedJob> {
  const run = {
    run_id: 'r',
    trigger: 'manual',
    started_at: 0,
    deadline: 0,
    dry_run: false,
    rules: null,
  } as const;
  for (let number = 0; number < JOBS; number++) {
    const job = {
      cron_id: `cron-${number}`,
      config: { ...defaultJobConfig, name: 'x', cron_expression: '* * * * *' },
      watermark,
      key: null,
      config_version: 1,
      open_runs: number % 10 === 0 ? [run] : [],
      unheard_runs: [],
      last_run_no: 0,
      records_checked: null,
      last_event_at: 0,
      was_reset: false,
      updated_at: 0,
      schedule_error: null,
      deleted: false,
      requests: [],
    };
    yield { job, version: 1 };
  }
}

it('counting very many jobs gives way to other work, and misses none', async () => {
  const clock = createSlowClock();
  const ahead = Date.parse(NOW) + DAY_MS;
  expect(await countOpenRuns({ all: () => jobs(ahead) }, clock)).toBe(JOBS / 10);
  expect(await countSettledAhead({ all: () => jobs(ahead) }, clock, { allowSeconds: false })).toBe(JOBS);
  expect(await countSettledAhead({ all: () => jobs(0) }, clock, { allowSeconds: false })).toBe(0);
  expect(clock.yields()).toBeGreaterThan(10);
});
