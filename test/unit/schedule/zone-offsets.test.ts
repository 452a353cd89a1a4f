import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ScheduleError } from '../../../src/schedule/schedule-error.js';
import { zoneOffsets } from '../../../src/schedule/zone-offsets.js';

const EVERY_ZONE = Intl.supportedValuesOf('timeZone');
/** Finding the offsets of every zone takes its time on a busy machine. */
const EVERY_ZONE_TIMEOUT = 60_000;

/** The offset in seconds as Intl spells it, such as GMT-00:44:30: no local time is read or subtracted here. */
function offsetReader(timeZone: string): (utc: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (utc) => {
    const spelled = format.formatToParts(utc * 1000).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const parts = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(spelled);
    if (parts === null) throw new Error(`unreadable offset "${spelled}" of ${timeZone}`);
    // A part that is not spelled is 0.
    const [hours = 0, minutes = 0, seconds = 0] = parts.slice(2).map((part) => Number(part) || 0);
    const size = hours * 3600 + minutes * 60 + seconds;
    return parts[1] === '-' ? -size : size;
  };
}

const secondsIn = (firstYear: number, lastYear: number): fc.Arbitrary<number> =>
  fc.integer({ min: Date.UTC(firstYear, 0, 1) / 1000, max: Date.UTC(lastYear + 1, 0, 1) / 1000 - 1 });

/** At an instant, and on both sides of the change that follows it. */
function expectAgreement(timeZone: string, firstYear: number, lastYear: number, numRuns: number): void {
  const zone = zoneOffsets(timeZone);
  const offsetAt = offsetReader(timeZone);
  const property = fc.property(fc.constant(timeZone), secondsIn(firstYear, lastYear), (_zone, utc) => {
    const end = zone.endOf(zone.indexAt(utc));
    const instants = [utc, end - 1, end];
    expect(instants.map((at) => zone.offsetOf(zone.indexAt(at)))).toEqual(instants.map(offsetAt));
  });
  fc.assert(property, { numRuns });
}

describe('the offsets of a zone', () => {
  it('are kept once, however the name is spelled', () => {
    expect(zoneOffsets('asia/KOLKATA')).toBe(zoneOffsets('Asia/Kolkata'));
  });

  it(
    'are those of Intl in every zone',
    () => {
      for (const timeZone of EVERY_ZONE) expectAgreement(timeZone, 2024, 2027, 4);
    },
    EVERY_ZONE_TIMEOUT,
  );

  it.each(['Africa/Monrovia', 'America/Caracas', 'Asia/Kathmandu', 'Europe/London', 'Pacific/Apia'])(
    'are those of Intl in any year in %s',
    (timeZone) => {
      expectAgreement(timeZone, 1970, 2100, 100);
    },
  );

  it.each([
    ['America/Boa_Vista', 2000],
    ['America/Argentina/Tucuman', 2004],
    ['Asia/Gaza', 2040],
    ['Asia/Gaza', 2054],
    ['Asia/Hebron', 2072],
    ['Africa/Cairo', 2010],
    ['Africa/Casablanca', 2026],
  ])('are those of Intl on each day where changes follow closely: %s in %d', (timeZone, year) => {
    const zone = zoneOffsets(timeZone);
    const offsetAt = offsetReader(timeZone);
    for (let at = Date.UTC(year, 0, 1) / 1000; at < Date.UTC(year + 1, 0, 1) / 1000; at += 43_200)
      expect([at, zone.offsetOf(zone.indexAt(at))]).toEqual([at, offsetAt(at)]);
  });

  it('take at most 110 calls of Intl a year', () => {
    const Original = Intl.DateTimeFormat;
    let calls = 0;
    const Counting = function (...args: ConstructorParameters<typeof Original>) {
      const format = new Original(...args);
      return { format: (date: number) => (calls++, format.format(date)) };
    };
    Object.assign(Intl, { DateTimeFormat: Counting });
    try {
      zoneOffsets('America/Thule').indexAt(Date.UTC(2026, 5, 1) / 1000);
      expect(calls).toBeLessThan(2 * 110);
      calls = 0;
      zoneOffsets('America/Thule').indexAt(Date.UTC(2099, 5, 1) / 1000);
      expect(calls).toBeLessThan(73 * 110);
    } finally {
      Object.assign(Intl, { DateTimeFormat: Original });
    }
  });

  it('are the same in whatever order the years are asked for', () => {
    const zone = zoneOffsets('America/Havana');
    const offsetAt = offsetReader('America/Havana');
    for (const year of [2030, 1975, 2050, 2031, 1990, 1970, 2399]) {
      for (let month = 0; month < 12; month++) {
        const utc = Date.UTC(year, month, 15) / 1000;
        const index = zone.indexAt(utc);
        expect([year, month, zone.offsetOf(index)]).toEqual([year, month, offsetAt(utc)]);
        expect(zone.startOf(index)).toBeLessThanOrEqual(utc);
        expect(zone.endOf(index)).toBeGreaterThan(utc);
      }
    }
  });

  it('change at the second', () => {
    const zone = zoneOffsets('America/New_York');
    const change = Date.UTC(2025, 2, 9, 7) / 1000;
    const index = zone.indexAt(change);
    expect(zone.startOf(index)).toBe(change);
    expect(zone.indexAt(change - 1)).toBe(index - 1);
    expect([zone.offsetOf(index - 1), zone.offsetOf(index)]).toEqual([-18_000, -14_400]);
  });

  it('are known under links and old names', () => {
    const utc = Date.UTC(2025, 6, 1) / 1000;
    const offsets = ['Asia/Calcutta', 'Asia/Kolkata', 'Etc/GMT+5', 'GMT', 'EST5EDT'].map((name) => {
      const zone = zoneOffsets(name);
      return zone.offsetOf(zone.indexAt(utc)) / 3600;
    });
    expect(offsets).toEqual([5.5, 5.5, -5, 0, -4]);
  });

  it.each([1969, 2401])('are not known in %i', (year) => {
    expect(() => zoneOffsets('UTC').indexAt(Date.UTC(year, 6, 1) / 1000)).toThrow(RangeError);
  });
});

describe('a time zone is refused', () => {
  const refused = [
    '',
    ' ',
    'Mars/Olympus',
    'Europe',
    '+02:00',
    '-0500',
    'a'.repeat(100),
    'UTC\0',
    ' UTC',
    'Zürich',
    '../UTC',
  ];

  it.each(refused)('when it is %j', (name) => {
    let refusal: unknown;
    try {
      zoneOffsets(name);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ScheduleError);
    expect(refusal).toMatchObject({
      code: 'invalid_time_zone',
      field: 'time_zone',
      message: expect.stringContaining('allowed: an IANA name'),
    });
  });
});
