import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../../../src/job/domain-error.js';
import type { JobCommand } from '../../../src/job/job-command.js';
import { createSlotLedger } from '../../../src/ledger/slot-ledger.js';
import { createRunProof } from '../../../src/ledger/verify-runs.js';
import { createSlotProof } from '../../../src/ledger/verify-slots.js';
import { given, type Scenario } from '../../support/given.js';

const MINUTE = 60_000;
const CREATED = Date.parse('2026-03-26T10:00:00Z');
const VERSIONS = { slot_engine_version: 1, tzdata_version: 'x' };

const changes = fc.constantFrom<object[]>(
  { enabled: false },
  { enabled: true },
  { cron_expression: '*/2 * * * *' },
  { cron_expression: '*/3 * * * *' },
  { enabled: false, cron_expression: '*/5 * * * *' },
  { concurrency_policy: 'forbid' },
  { concurrency_policy: 'allow' },
  { name: 'other' },
);
const command = fc.oneof(
  { weight: 4, arbitrary: fc.constant<JobCommand>({ type: 'Tick' }) },
  {
    weight: 3,
    arbitrary: changes.map((some): JobCommand => ({ type: 'UpdateCronJob', changes: some, reason: null })),
  },
  { weight: 2, arbitrary: fc.constant<JobCommand>({ type: 'ResetWatermark', reason: null }) },
  { weight: 1, arbitrary: fc.boolean().map((dry_run): JobCommand => ({ type: 'TriggerRun', dry_run })) },
);
/** Time passes truly; some of the clocks asked are ahead. */
const steps = fc.array(
  fc.record({
    command,
    afterMs: fc.integer({ min: 0, max: 4 * MINUTE }),
    aheadMs: fc.constantFrom(0, 0, 0, 40 * MINUTE, 60 * MINUTE),
  }),
  { maxLength: 14 },
);

function tryCommand(scenario: Scenario, now: number, next: JobCommand): Scenario {
  try {
    return scenario.after(new Date(now).toISOString(), next);
  } catch (error) {
    if (error instanceof DomainError) return scenario;
    throw error;
  }
}

describe('a job among clocks of which some are ahead', () => {
  it('has a sound log and a ledger in order, whatever happens to it', () => {
    fc.assert(
      fc.property(steps, (all) => {
        let now = CREATED;
        let scenario = given().after(new Date(now).toISOString(), {
          type: 'ScheduleCronJob',
          config: {
            name: 'job',
            cron_expression: '* * * * *',
            concurrency_policy: 'allow',
            timeout_seconds: 90,
          },
        });
        for (const step of all) {
          now += step.afterMs;
          scenario = tryCommand(scenario, now + step.aheadMs, step.command);
        }
        const faults: string[] = [];
        const slots = createSlotProof(VERSIONS);
        const runs = createRunProof();
        const ledger = createSlotLedger({
          from: CREATED,
          to: now + 2 * 60 * MINUTE,
          limit: 10_000,
          now,
          today: VERSIONS,
        });
        for (const event of scenario.events()) {
          slots.take(event, VERSIONS, (_, text) => faults.push(text));
          runs.take(event, (_, text) => faults.push(text));
          ledger.take(event, VERSIONS);
        }
        expect(faults).toEqual([]);
        const { entries, periods } = ledger.ledger();
        expect(entries.filter(({ outcome }) => outcome === 'missing')).toEqual([]);
        for (const [index, { slot }] of entries.entries())
          expect(slot).toBeGreaterThan(entries[index - 1]?.slot ?? 0);
        for (const [index, { from }] of periods.entries())
          if (index > 0) expect(periods[index - 1]?.to).toBe(from);
      }),
      { numRuns: 300 },
    );
  });
});
