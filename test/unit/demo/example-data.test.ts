import { beforeAll, describe, expect, it } from '@jest/globals';
import { importExample } from '../../../src/demo/example.js';
import type { Certification } from '../../../src/ports/certification-registry.js';
import type { App } from '../../../src/service/app.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const TODAY = '2026-03-26';
const DAY_MS = 86_400_000;
const THRESHOLDS = [30, 14, 7, 1, 0];
const REMINDED = ['cert-0022', 'cert-0077', 'cert-0134'];

const records = new Map<string, Certification>();

/** Imports the example into a registry that holds so many records. */
async function importInto(total: number): Promise<number> {
  let taken = 0;
  const registry = {
    summary: () => Promise.resolve({ total }),
    upsert(certifications: readonly Certification[]) {
      for (const each of certifications) records.set(each.certification_id, each);
      taken += certifications.length;
      return Promise.resolve();
    },
  };
  const clock = createVirtualClock(`${TODAY}T23:00:00.000Z`);
  await importExample({ registry, clock } as unknown as App['adapters']);
  return taken;
}

/** By the rules as the documents tell them, so many days after the import. */
function dueAfter(days: number): string[] {
  const today = Date.parse(TODAY) + days * DAY_MS;
  const active = [...records.values()].filter(({ status }) => status === 'active');
  return active
    .filter(({ mentor_id, type, expires_at, renewable_from }) => {
      const daysLeft = (Date.parse(expires_at) - today) / DAY_MS;
      const renewed =
        type !== null &&
        active.some(
          (other) => other.mentor_id === mentor_id && other.type === type && other.expires_at > expires_at,
        );
      const tooEarly = renewable_from !== null && Date.parse(renewable_from) > today;
      const reached = daysLeft >= -7 && THRESHOLDS.some((threshold) => daysLeft <= threshold);
      return reached && !renewed && !tooEarly;
    })
    .map(({ certification_id }) => certification_id)
    .sort();
}

const shown = (...numbers: number[]) =>
  numbers.map((number) => records.get(`cert-${String(number).padStart(4, '0')}`));

describe('the example', () => {
  beforeAll(() => importInto(0));

  it('has 165 certifications of 124 mentors, for a registry that is empty', async () => {
    expect(await importInto(1)).toBe(0);
    expect(records.size).toBe(165);
    expect(new Set([...records.values()].map(({ mentor_id }) => mentor_id)).size).toBe(124);
  });

  it('has the same three to be reminded of on the day of the import and a week after', () => {
    for (let day = 0; day <= 7; day++) expect([day, dueAfter(day)]).toEqual([day, REMINDED]);
  });

  it('has some that would be reminded of, were they not renewed, withdrawn, suspended or too early', () => {
    const left = (number: number) => {
      const [record] = shown(number);
      return (Date.parse(record?.expires_at ?? '') - Date.parse(TODAY)) / DAY_MS;
    };
    expect([3, 11, 23, 159, 18, 26, 33].map(left)).toEqual([-3, 5, 12, 20, 3, 6, 25]);
    for (const [older, newer] of [
      [3, 4],
      [11, 12],
      [23, 24],
      [159, 160],
    ] as const) {
      const [old, renewal] = shown(older, newer);
      expect([renewal?.mentor_id, renewal?.type]).toEqual([old?.mentor_id, old?.type]);
      expect(left(newer)).toBeGreaterThan(300);
    }
    expect(shown(18, 26, 33)).toMatchObject([
      { status: 'withdrawn' },
      { status: 'suspended' },
      { status: 'active', renewable_from: '2026-04-06' },
    ]);
    // A later one of another type renews nothing, one without a type neither, and of two lines the last one counts.
    expect(shown(77, 76)).toMatchObject([{ mentor_id: 'mentor-058' }, { mentor_id: 'mentor-058' }]);
    expect(shown(77)[0]?.type).not.toBe(shown(76)[0]?.type);
    expect(shown(134, 22)).toMatchObject([{ type: null }, { renewable_from: '2026-03-18' }]);
    expect(left(100)).toBe(153);
  });
});
