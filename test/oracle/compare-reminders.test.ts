import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultJobConfig } from '../../src/events/job-config.js';
import { NO_REASONS, type RunRules } from '../../src/events/job-events.js';
import { evolve, type CronJob } from '../../src/job/cron-job.js';
import type { Certification } from '../../src/ports/certification-registry.js';
import { createCheckWorld, RULES, type CheckWorld } from '../unit/expiry-check/check-world.js';
import { oracleDay, oracleVerdict } from './reminder-oracle.js';

const START = Date.parse('2027-12-20T00:00:00Z');
const DAY_MS = 86_400_000;
const ZONES = ['UTC', 'Asia/Kolkata', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'America/New_York'];

const dateAt = (day: number): string => new Date(START + day * DAY_MS).toISOString().slice(0, 10);
const day = fc.integer({ min: -45, max: 100 });
const expiry = fc.oneof(
  day.map(dateAt),
  fc
    .tuple(day, fc.integer({ min: 0, max: DAY_MS - 1 }))
    .map(([at, ms]) => new Date(START + at * DAY_MS + ms).toISOString()),
);
const someOrNull = <T>(values: T[]): fc.Arbitrary<T | null> => fc.constantFrom(null, ...values);

const someRecord: fc.Arbitrary<Certification> = fc.record({
  certification_id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  mentor_id: fc.constantFrom('m1', 'm2'),
  expires_at: expiry,
  type: someOrNull(['x', 'y']),
  labels: fc.subarray(['n', 's']),
  status: fc.constantFrom('active', 'active', 'active', 'active', 'suspended', 'withdrawn'),
  renewable_from: fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: day.map(dateAt) },
  ),
});

const someRules: fc.Arbitrary<RunRules> = fc.record({
  time_zone: fc.constantFrom(...ZONES),
  reminder_thresholds: fc.uniqueArray(fc.integer({ min: -40, max: 60 }), { minLength: 1, maxLength: 5 }),
  select: fc.option(
    fc.record({
      types: someOrNull([['x'], ['x', 'y']]),
      labels: someOrNull([['n'], ['n', 's']]),
    }),
    { nil: null },
  ),
  max_reminders: fc.constant(null),
  confirm_reminders: fc.constant(null),
});

/** On the days of a world a record comes or changes, or one goes, and then a run by some rules follows. */
const someDays = fc.array(
  fc.record({
    put: fc.array(someRecord, { maxLength: 2 }),
    drop: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined, freq: 4 }),
    rules: fc.nat({ max: 1 }),
    hour: fc.integer({ min: 0, max: 23 }),
    daysOn: fc.integer({ min: 0, max: 12 }),
  }),
  { minLength: 2, maxLength: 8 },
);

let world: CheckWorld;

afterEach(() => world.close());

async function verdicts(now: Date, rules: RunRules): Promise<Map<string, number | string>> {
  const asked = await world.reminders();
  const registry = [...world.records.values()];
  const today = oracleDay(now, rules.time_zone);
  return new Map(
    registry.map((one) => [one.certification_id, oracleVerdict(one, today, rules, { registry, asked })]),
  );
}

function expectedOf(all: ReadonlyMap<string, number | string>) {
  const reasons = Object.fromEntries(NO_REASONS.map((reason) => [reason, 0]));
  const asked: string[] = [];
  for (const [id, verdict] of all) {
    if (typeof verdict === 'number') asked.push(`${id}@${verdict}`);
    else reasons[verdict] = (reasons[verdict] ?? 0) + 1;
  }
  return { asked: asked.sort(), reasons };
}

const daily = (rules: RunRules): CronJob => {
  const created_at = new Date(START - 100 * DAY_MS).toISOString();
  const { time_zone, select } = rules;
  const config = {
    ...defaultJobConfig,
    name: 'daily',
    cron_expression: '0 2 * * *',
    time_zone,
    select,
    reminder_thresholds: [...rules.reminder_thresholds],
  };
  const data = { cron_id: 'cron-1', key: null, ...config, created_at };
  const job = evolve(undefined, { type: 'CronJobScheduled', data }, 1);
  if (job === undefined) throw new Error('no job');
  return job;
};

describe('the oracle, with other code, for random registries, histories and days', () => {
  it('names the same reminders and counts the same reasons as a run, a dry run and the forecast before it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(someRules, someRules), someDays, async (rules, days) => {
        world = createCheckWorld();
        let at = START;
        for (const { put, drop, rules: which, hour, daysOn } of days) {
          for (const one of put) world.records.set(one.certification_id, one);
          if (drop !== undefined) world.records.delete(drop);
          at += daysOn * DAY_MS;
          const now = new Date(at + hour * 3_600_000);
          const inForce = rules[which] ?? RULES;
          const expected = expectedOf(await verdicts(now, inForce));
          const foreseen = await world.foresee(oracleDay(now, inForce.time_zone), inForce);
          const dry = await world.run(now.toISOString(), { rules: inForce, dry_run: true });
          const real = await world.run(now.toISOString(), { rules: inForce });
          expect(foreseen.asked.sort()).toEqual(expected.asked);
          expect(real.asked.sort()).toEqual(expected.asked);
          expect(real.outcome).toMatchObject({ status: 'success', result: { reasons: expected.reasons } });
          expect(dry.outcome).toEqual(real.outcome);
          expect(foreseen.result).toEqual('result' in real.outcome ? real.outcome.result : undefined);
        }
        await world.close();
      }),
      { numRuns: 60 },
    );
  });

  it('names the same reminders that are still due, of all that were asked for', async () => {
    let met = 0;
    const property = fc.asyncProperty(
      fc.tuple(someRules, someRules),
      someDays,
      fc.integer({ min: 0, max: 4 }),
      async (rules, days, later) => {
        world = createCheckWorld();
        let at = START;
        const rulesOf = new Map<string, RunRules>();
        for (const [nth, { put, drop, rules: which, hour, daysOn }] of days.entries()) {
          for (const one of put) world.records.set(one.certification_id, one);
          if (drop !== undefined) world.records.delete(drop);
          at += daysOn * DAY_MS;
          const inForce = rules[which] ?? RULES;
          rulesOf.set(`run-${nth}`, inForce);
          const run = { rules: inForce, run_id: `run-${nth}` };
          await world.run(new Date(at + hour * 3_600_000).toISOString(), run);
        }
        const now = new Date(at + later * DAY_MS);
        const asked = await world.reminders();
        const registry = [...world.records.values()];
        const expected = asked.filter((reminder, place) => {
          const inForce = rulesOf.get(reminder.run_id) ?? RULES;
          const record = world.records.get(reminder.certification_id);
          if (record?.expires_at !== reminder.expires_at || record.mentor_id !== reminder.mentor_id)
            return false;
          const nearer = asked.slice(place + 1).filter((one) => one.threshold_days < reminder.threshold_days);
          const known = { registry, asked: nearer };
          const verdict = oracleVerdict(record, oracleDay(now, inForce.time_zone), inForce, known);
          return verdict === reminder.threshold_days;
        });
        // Of an empty registry see the test of what is still due.
        if (registry.length > 0)
          expect(new Set(await world.stillDue(now.toISOString()))).toEqual(new Set(expected));
        met += expected.length;
        await world.close();
      },
    );
    await fc.assert(property, { numRuns: 100 });
    expect(met).toBeGreaterThan(5);
  });

  it('gives the reason and the date of the explanation, asking it day by day', async () => {
    await fc.assert(
      fc.asyncProperty(
        someRules,
        fc.array(someRecord, { minLength: 1, maxLength: 6 }),
        day,
        async (rules, put, first) => {
          world = createCheckWorld();
          for (const one of put) world.records.set(one.certification_id, one);
          const begin = START + Math.min(first, 60) * DAY_MS + 9 * 3_600_000;
          await world.run(new Date(begin).toISOString(), { rules });
          const asked = await world.reminders();
          const registry = [...world.records.values()];
          const now = new Date(begin + 3 * DAY_MS);
          const job = daily(rules);
          for (const one of registry) {
            const verdictOn = (date: string): number | string =>
              oracleVerdict(one, date, rules, { registry, asked });
            const today = oracleDay(now, rules.time_zone);
            const verdict = verdictOn(today);
            const outlook = await world.outlook(one.certification_id, job, now.toISOString());
            expect(outlook.reason).toBe(typeof verdict === 'number' ? null : verdict);
            expect(outlook.next_reminder).toEqual(firstOf(now, rules.time_zone, verdictOn));
          }
          await world.close();
        },
      ),
      { numRuns: 200 },
    );
  });
});

/** The job runs at 02:00 of each day; today's run may be over. */
function firstOf(now: Date, zone: string, verdictOn: (date: string) => number | string) {
  const hour = Number(
    new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(now),
  );
  const today = Date.parse(oracleDay(now, zone));
  for (let ahead = hour < 2 ? 0 : 1; ahead < 200; ahead++) {
    const date = new Date(today + ahead * DAY_MS).toISOString().slice(0, 10);
    const verdict = verdictOn(date);
    if (typeof verdict === 'number') return { date, threshold_days: verdict };
  }
  return null;
}
