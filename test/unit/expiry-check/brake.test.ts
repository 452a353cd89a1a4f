import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { reminderLimit } from '../../../src/expiry-check/reminder-limit.js';
import { createCheckWorld, record, RULES, type CheckWorld } from './check-world.js';

const DAY = '2026-06-23';

let world: CheckWorld;

beforeEach(() => {
  world = createCheckWorld();
});

afterEach(() => world.close());

/** Records that expire in a week, and some that do not. */
function register(due: number, others = 0): void {
  for (let index = 0; index < due + others; index++) {
    const id = `c${String(index).padStart(6, '0')}`;
    const expires = index < due ? '2026-06-30' : '2027-06-30';
    world.records.set(id, record(id, expires, { mentor_id: `m${index % 50}` }));
  }
}

const tooMany = (reminders: number, limit: number) => ({
  status: 'failed',
  error: { code: 'too_many_reminders', reminders, limit },
});
const asked = (reminders_sent: number) => ({ status: 'success', result: { reminders_sent } });

describe('the limit of a run', () => {
  it.each([
    ['1,000 for a small registry', RULES, 100, 1_000],
    ['a tenth of a large one', RULES, 12_345, 1_234],
    ['250,000 for a huge one', RULES, 10_000_000, 250_000],
    ['what the job says', { ...RULES, max_reminders: 5 }, 12_345, 5],
    ['none, where the job says 0', { ...RULES, max_reminders: 0 }, 12_345, Infinity],
    ['what was confirmed, before all others', { ...RULES, max_reminders: 5, confirm_reminders: 7 }, 1, 7],
    [
      'what was confirmed, also where the job has none',
      { ...RULES, max_reminders: 0, confirm_reminders: 7 },
      1,
      7,
    ],
  ])('is %s', (_title, rules, records, limit) => {
    expect(reminderLimit(rules, records)).toBe(limit);
  });
});

describe('a run that would ask for more than it may', () => {
  const rules = { max_reminders: 20 };

  it('ends as failed, says how many it would be, and has asked for none', async () => {
    register(21);
    const { outcome } = await world.run(DAY, { rules });
    expect(outcome).toMatchObject(tooMany(21, 20));
    expect(outcome).toMatchObject({
      error: { message: '21 reminders would be asked for and 20 are allowed: none was asked for' },
    });
    expect(await world.reminders()).toEqual([]);
  });

  it('says what it has counted, with all warnings', async () => {
    register(21, 9);
    const { outcome } = await world.run(DAY, { rules, records_before: 100 });
    expect(outcome.result).toMatchObject({
      reminders_sent: 0,
      records_checked: 30,
      reasons: { not_due: 9 },
      warnings: [
        { code: 'registry_shrank', records: 30, before: 100 },
        { code: 'too_many_reminders', reminders: 21, limit: 20 },
      ],
    });
  });

  it('asks for all that it may', async () => {
    register(20);
    expect((await world.run(DAY, { rules })).outcome).toMatchObject(asked(20));
    expect(await world.reminders()).toHaveLength(20);
  });

  it('counts only those that were not asked for before', async () => {
    register(20);
    await world.run(DAY, { rules });
    register(30);
    expect((await world.run(DAY, { rules })).outcome).toMatchObject(asked(10));
  });

  it('lets a confirmed number through, for that run alone', async () => {
    register(25);
    const confirmed = { ...rules, confirm_reminders: 24 };
    expect((await world.run(DAY, { rules: confirmed })).outcome).toMatchObject(tooMany(25, 24));
    expect((await world.run(DAY, { rules: { ...rules, confirm_reminders: 25 } })).outcome).toMatchObject(
      asked(25),
    );
    register(50);
    expect((await world.run(DAY, { rules })).outcome).toMatchObject(tooMany(25, 20));
  });

  it('goes on where it was when it is repeated, and counts its own', async () => {
    register(20);
    await world.run(DAY, { rules, run_id: 'run-a' });
    expect((await world.run(DAY, { rules, run_id: 'run-a' })).outcome).toMatchObject(asked(20));
    expect(await world.reminders()).toHaveLength(20);
  });

  it('asks for no more when the registry has grown since an earlier attempt, and says so', async () => {
    register(15);
    await world.run(DAY, { rules, run_id: 'run-a' });
    register(25);
    const { outcome } = await world.run(DAY, { rules, run_id: 'run-a' });
    expect(outcome).toMatchObject({
      error: {
        message:
          '25 reminders would be asked for and 20 are allowed: 15 were asked for before there were so many',
      },
    });
    expect(await world.reminders()).toHaveLength(15);
  });

  it('counts what an earlier attempt has asked for, also where it is not due any more', async () => {
    register(15);
    await world.run(DAY, { rules, run_id: 'run-a' });
    for (const [id, one] of world.records) world.records.set(id, { ...one, status: 'withdrawn' });
    for (let index = 100; index < 106; index++)
      world.records.set(`d${index}`, record(`d${index}`, '2026-06-30', { mentor_id: 'm9' }));
    expect((await world.run(DAY, { rules, run_id: 'run-a' })).outcome).toMatchObject(tooMany(21, 20));
    world.records.delete('d105');
    expect((await world.run(DAY, { rules, run_id: 'run-a' })).outcome).toMatchObject(asked(20));
    expect(await world.reminders()).toHaveLength(20);
  });

  it('is not stopped where the job has no limit', async () => {
    register(1_500);
    expect((await world.run(DAY, { rules: { max_reminders: 0 } })).outcome).toMatchObject(asked(1_500));
  });

  it('is told beforehand by the forecast and by a dry run', async () => {
    register(21);
    const warning = { code: 'too_many_reminders', reminders: 21, limit: 20 };
    const dry = await world.run(DAY, { rules, dry_run: true });
    expect(dry.outcome).toMatchObject({
      status: 'success',
      result: { reminders_sent: 21, warnings: [warning] },
    });
    const foreseen = await world.foresee(DAY, rules);
    expect(foreseen.result).toMatchObject({ reminders_sent: 21, warnings: [warning] });
  });
});

describe('of a registry that had a wrong import', () => {
  it('5,000 records that expire tomorrow remind nobody', async () => {
    register(5_000);
    expect((await world.run(DAY)).outcome).toMatchObject(tooMany(5_000, 1_000));
    expect(await world.reminders()).toEqual([]);
  });

  it('a tenth of 11,000 is let through', async () => {
    register(1_100, 9_900);
    expect((await world.run(DAY)).outcome).toMatchObject(asked(1_100));
  });
});
