import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createVirtualClock } from '../../support/virtual-clock.js';
import { registryFilled } from '../../../src/expiry-check/registry-filled.js';
import type { Certification } from '../../../src/ports/certification-registry.js';
import { createCheckWorld, record, type CheckWorld } from './check-world.js';

let world: CheckWorld;

beforeEach(() => {
  world = createCheckWorld();
});
afterEach(() => world.close());

const put = (...records: Certification[]): void => {
  for (const one of records) world.records.set(one.certification_id, one);
};
const due = async (at: string): Promise<string[]> =>
  (await world.stillDue(at)).map(
    ({ certification_id, threshold_days }) => `${certification_id}@${threshold_days}`,
  );

describe('a reminder that was asked for is still due', () => {
  beforeEach(async () => {
    put(record('a', '2026-06-30', { type: 'first-aid', labels: ['north'] }));
    await world.run('2026-05-31', { rules: { select: { types: ['first-aid'], labels: ['north'] } } });
  });

  it.each([
    ['on the same day', '2026-05-31', ['a@30']],
    ['until the next threshold is reached', '2026-06-15', ['a@30']],
    ['no more from then on, though nobody has run since', '2026-06-16', []],
    ['no more after the expiry', '2026-07-01', []],
    ['no more years later', '2029-05-31', []],
  ])('%s', async (_, at, expected) => {
    expect(await due(at)).toEqual(expected);
  });

  it.each<[string, Certification | undefined]>([
    ['has another expiry by now', record('a', '2026-07-01', { type: 'first-aid', labels: ['north'] })],
    [
      'belongs to another mentor by now',
      record('a', '2026-06-30', { type: 'first-aid', labels: ['north'], mentor_id: 'm2' }),
    ],
    [
      'is suspended',
      record('a', '2026-06-30', { type: 'first-aid', labels: ['north'], status: 'suspended' }),
    ],
    ['is not selected any more', record('a', '2026-06-30', { type: 'first-aid', labels: ['south'] })],
    [
      'cannot be renewed yet',
      record('a', '2026-06-30', { type: 'first-aid', labels: ['north'], renewable_from: '2026-06-20' }),
    ],
    ['was removed', undefined],
  ])('but not when its certification %s', async (_, changed) => {
    put(record('other', '2027-01-01'));
    world.records.delete('a');
    if (changed !== undefined) put(changed);
    expect(await due('2026-06-01')).toEqual([]);
  });

  it('but not when its certification was renewed', async () => {
    put(record('b', '2028-06-30', { type: 'first-aid' }));
    expect(await due('2026-06-01')).toEqual([]);
  });

  it('but not when a nearer one was asked for since, by another job that has other thresholds', async () => {
    await world.run('2026-06-01', { rules: { reminder_thresholds: [29] } });
    expect(await due('2026-06-02')).toEqual(['a@29']);
  });

  it('also when its job has other thresholds by now: nobody will ask for it again', async () => {
    await world.run('2026-06-02', { rules: { reminder_thresholds: [60, 1] } });
    expect(await due('2026-06-02')).toEqual(['a@30']);
  });

  it('by what it says itself while the registry has no record at all, which is told', async () => {
    world.records.clear();
    expect(await due('2026-06-01')).toEqual(['a@30']);
    expect(await due('2026-06-16')).toEqual([]);
    expect(world.logged.map(({ level, message }) => `${level} ${message}`)).toContain(
      'warn no certifications to judge old reminders by; those due by their own dates are published',
    );
  });
});

describe('a registry that is being filled', () => {
  const clock = createVirtualClock('2026-01-01T00:00:00.000Z');
  const summaryOf = (total: () => number) => ({
    summary: () =>
      Promise.resolve({
        total: total(),
        by_status: { active: 0, suspended: 0, withdrawn: 0 },
        last_changed_at: null,
      }),
  });

  it.each<[string, (look: number) => number, boolean, number]>([
    ['that has its records', () => 5, true, 2],
    ['until it grows no more', (look) => Math.min(look, 10) * 100, true, 11],
    ['until it has records, and no more come', (look) => (look < 20 ? 0 : 7), true, 21],
    ['for two minutes when it is empty', () => 0, false, 60],
    ['for two minutes when it always changes', (look) => look, true, 60],
  ])('is waited for: one %s', async (_, totalAt, expected, looks) => {
    let looked = 0;
    const registry = summaryOf(() => totalAt(++looked));
    const waiting = registryFilled({ registry, clock }, new AbortController().signal);
    await clock.advance(180_000);
    expect([await waiting, looked]).toEqual([expected, looks]);
  });

  it('is not waited for any more when the publisher stops', async () => {
    const stop = new AbortController();
    const waiting = registryFilled({ registry: summaryOf(() => 0), clock }, stop.signal);
    await clock.advance(1_000);
    stop.abort();
    expect(await waiting).toBe(false);
  });
});
