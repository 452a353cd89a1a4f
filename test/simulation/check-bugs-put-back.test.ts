import { afterEach, it, jest } from '@jest/globals';
import type { Certification } from '../../src/ports/certification-registry.js';
import type { RunOutcome } from '../../src/runs/checked-run.js';
import { expectFound, worlds } from './find-violations.js';

/** As bugs-put-back.test.ts, of the check. */

const CHECK = '../../src/expiry-check/check-expiry.js';
const PERIOD = '../../src/expiry-check/validity-period.js';
const RENEWALS = '../../src/expiry-check/renewals.js';
const THRESHOLDS = '../../src/expiry-check/due-threshold.js';

jest.setTimeout(120_000);

afterEach(() => {
  for (const name of [CHECK, PERIOD, RENEWALS, THRESHOLDS]) jest.unstable_unmockModule(name);
  jest.resetModules();
});

it('reminders that are never due', async () => {
  const thresholds = await import('../../src/expiry-check/due-threshold.js');
  jest.unstable_mockModule(THRESHOLDS, () => ({ ...thresholds, dueThreshold: () => 'not_due' }));
  await expectFound([/whoever is due is reminded/], worlds(12, 30));
});

it('a validity period for each date: a correction reminds again', async () => {
  const { expiryDayOf } = await import('../../src/expiry-check/expiry-day.js');
  jest.unstable_mockModule(PERIOD, () => ({
    isOfPeriod: (askedFor: string, day: number, { time_zone }: { time_zone: string }) =>
      expiryDayOf(askedFor, time_zone) === day,
  }));
  await expectFound([/days after .* days in one period/], worlds(12, 30, 2));
});

it('a brake that counts when all is written', async () => {
  const check = await import('../../src/expiry-check/check-expiry.js');
  const { reminderLimit } = await import('../../src/expiry-check/reminder-limit.js');
  jest.unstable_mockModule(CHECK, () => ({
    async checkExpiry(...[run, dependencies]: Parameters<typeof check.checkExpiry>): Promise<RunOutcome> {
      const { time_zone, reminder_thresholds, select } = run.rules;
      const rules = { time_zone, reminder_thresholds, select, max_reminders: 0, confirm_reminders: null };
      const outcome = await check.checkExpiry({ ...run, rules }, dependencies);
      if (outcome.status === 'failed' || run.dry_run) return outcome;
      const { reminders_sent: reminders, records_checked } = outcome.result;
      const limit = reminderLimit(run.rules, records_checked ?? 0);
      if (reminders <= limit) return outcome;
      const error = { code: 'too_many_reminders', message: 'too many', reminders, limit };
      return { status: 'failed', error, result: outcome.result };
    },
  }));
  await expectFound([/has more than \d+ reminders/, /verify finds nothing: broken/], worlds(12, 30));
});

it('a renewal of any type: who was not renewed is not reminded', async () => {
  const { createRenewals } = await import('../../src/expiry-check/renewals.js');
  jest.unstable_mockModule(RENEWALS, () => ({
    createRenewals(...[zone, told]: Parameters<typeof createRenewals>) {
      const types = new Map<string, string | null>();
      const asItIs = (tell: (certification: Certification) => void) => (one: Certification) => {
        tell({ ...one, type: types.get(one.certification_id) ?? null });
      };
      const renewals = createRenewals(zone, {
        onCounts: asItIs(told.onCounts),
        onSuperseded: asItIs(told.onSuperseded),
      });
      return {
        ...renewals,
        take(certification: Certification) {
          types.set(certification.certification_id, certification.type);
          renewals.take({ ...certification, type: 'any' });
        },
      };
    },
  }));
  await expectFound([/whoever is due is reminded/], worlds(12, 30));
});
