import { describe, expect, it } from '@jest/globals';
import { dstNotes } from '../../../src/schedule/dst-notes.js';
import { previewSlots } from '../../../src/schedule/preview-slots.js';
import { scheduleOf } from '../../../src/schedule/slots.js';

const YEAR = 366 * 86_400_000;
const NEW_YORK = 'America/New_York';
const LORD_HOWE = 'Australia/Lord_Howe';
const APIA = 'Pacific/Apia';

/** Each slot as "instant local note". */
function slots(expression: string, timeZone: string, after: string, count: number): string[] {
  const schedule = scheduleOf(expression, timeZone, { allowSeconds: false });
  return previewSlots(schedule, Date.parse(after), count).map(({ slot, local, note }) =>
    [new Date(slot).toISOString().slice(0, 16), local, note?.replace(/[ :;].*/, '')].join(' ').trim(),
  );
}

function notes(expression: string, timeZone: string, from: string, length = YEAR): string[] {
  const start = Date.parse(from);
  return dstNotes(scheduleOf(expression, timeZone, { allowSeconds: false }), start, start + length);
}

describe('the slots to come, with local time and the first word of the note', () => {
  it.each<[string, string, string, string[]]>([
    [
      '30 2 * * *',
      NEW_YORK,
      '2026-03-07T12:00Z',
      ['2026-03-08T07:00 2026-03-08T03:00:00-04:00 at', '2026-03-09T06:30 2026-03-09T02:30:00-04:00'],
    ],
    [
      '*/30 2,3 * * *',
      NEW_YORK,
      '2026-03-08T00:00Z',
      ['2026-03-08T07:00 2026-03-08T03:00:00-04:00 at', '2026-03-08T07:30 2026-03-08T03:30:00-04:00'],
    ],
    ['0 3 * * *', NEW_YORK, '2026-03-08T00:00Z', ['2026-03-08T07:00 2026-03-08T03:00:00-04:00']],
    [
      '30 * * * *',
      NEW_YORK,
      '2026-03-08T06:00Z',
      ['2026-03-08T06:30 2026-03-08T01:30:00-05:00', '2026-03-08T07:30 2026-03-08T03:30:00-04:00'],
    ],
    ['0 * * * *', NEW_YORK, '2026-03-08T06:00Z', ['2026-03-08T07:00 2026-03-08T03:00:00-04:00']],
    [
      '30 1 * * *',
      NEW_YORK,
      '2026-10-31T12:00Z',
      ['2026-11-01T05:30 2026-11-01T01:30:00-04:00 first', '2026-11-02T06:30 2026-11-02T01:30:00-05:00'],
    ],
    [
      '30 * * * *',
      NEW_YORK,
      '2026-11-01T05:00Z',
      [
        '2026-11-01T05:30 2026-11-01T01:30:00-04:00 first',
        '2026-11-01T06:30 2026-11-01T01:30:00-05:00 second',
        '2026-11-01T07:30 2026-11-01T02:30:00-05:00',
      ],
    ],
    [
      '15,45 * * * *',
      LORD_HOWE,
      '2026-04-04T14:15Z',
      [
        '2026-04-04T14:45 2026-04-05T01:45:00+11:00 first',
        '2026-04-04T15:15 2026-04-05T01:45:00+10:30 second',
        '2026-04-04T15:45 2026-04-05T02:15:00+10:30',
      ],
    ],
    ['15 2 * * *', LORD_HOWE, '2026-10-03T00:00Z', ['2026-10-03T15:30 2026-10-04T02:30:00+11:00 at']],
    [
      '0 12 * * *',
      APIA,
      '2011-12-29T12:00Z',
      [
        '2011-12-29T22:00 2011-12-29T12:00:00-10:00',
        '2011-12-30T10:00 2011-12-31T00:00:00+14:00 at',
        '2011-12-30T22:00 2011-12-31T12:00:00+14:00',
      ],
    ],
    ['0 0 * * *', 'Asia/Kolkata', '2026-01-01T00:00Z', ['2026-01-01T18:30 2026-01-02T00:00:00+05:30']],
    ['0 0 * * *', 'UTC', '2026-01-01T00:00Z', ['2026-01-02T00:00 2026-01-02T00:00:00+00:00']],
  ])('of %s in %s after %s', (expression, timeZone, after, expected) => {
    expect(slots(expression, timeZone, after, expected.length)).toEqual(expected);
  });

  it('says whether the second pass runs', () => {
    const after = Date.parse('2026-11-01T05:00Z');
    const first = (expression: string) =>
      previewSlots(scheduleOf(expression, NEW_YORK, { allowSeconds: false }), after, 1)[0]?.note;
    expect(first('30 1 * * *')).toMatch(/the second does not run$/);
    expect(first('30 * * * *')).toMatch(/the second runs too$/);
  });

  it('ends where no more can be computed', () => {
    expect(slots('0 0 1 1 *', NEW_YORK, '2098-06-01T00:00Z', 10)).toHaveLength(2);
    expect(slots('* * * * *', 'UTC', '2100-12-31T23:57:30Z', 10)).toHaveLength(2);
    expect(slots('0 0 * 2 MON#5', 'UTC', '2025-01-01T00:00Z', 10)).toEqual([]);
  });

  it('begins where something can be computed', () => {
    expect(slots('0 19 31 12 *', NEW_YORK, '1970-01-01T00:00Z', 1)).toEqual([
      '1971-01-01T00:00 1970-12-31T19:00:00-05:00',
    ]);
    expect(slots('1 0 * * *', 'UTC', '1970-01-01T00:00Z', 1)).toEqual([
      '1970-01-01T00:01 1970-01-01T00:01:00+00:00',
    ]);
  });
});

describe('the notes on changes of the offset', () => {
  it.each([
    ['30 2 * * *', NEW_YORK, '2026-03-08: 02:30 does not exist in America/New_York; it runs at 03:00'],
    [
      '*/15 2 * * *',
      NEW_YORK,
      '2026-03-08: 02:00 to 03:00 does not exist in America/New_York; what it leaves out runs once, at 03:00',
    ],
    [
      '30 1 * * *',
      NEW_YORK,
      '2026-11-01: 01:30 comes twice in America/New_York; it runs on the first pass only',
    ],
    [
      '*/20 1 * * *',
      NEW_YORK,
      '2026-11-01: 01:00 to 02:00 comes twice in America/New_York; it runs on the first pass only',
    ],
    [
      '45 1 * * *',
      LORD_HOWE,
      '2026-04-05: 01:45 comes twice in Australia/Lord_Howe; it runs on the first pass only',
    ],
    ['15 2 * * *', LORD_HOWE, '2026-10-04: 02:15 does not exist in Australia/Lord_Howe; it runs at 02:30'],
    ['0 0 8 3 *', 'America/Havana', '2026-03-08: 00:00 does not exist in America/Havana; it runs at 01:00'],
  ])('%s in %s', (expression, timeZone, note) => {
    expect(notes(expression, timeZone, '2026-01-01T00:00:00Z')).toEqual([note]);
  });

  it('both, where the expression follows real time', () => {
    expect(notes('30 * * * *', NEW_YORK, '2026-01-01T00:00:00Z')).toEqual([
      '2026-03-08: 02:30 does not exist in America/New_York; the expression follows real time: nothing runs in its place',
      '2026-11-01: 01:30 comes twice in America/New_York; the expression follows real time: both passes run',
    ]);
  });

  it('of a day that was left out', () => {
    expect(notes('0 12 * * *', APIA, '2011-12-29T00:00:00Z', YEAR / 12)).toEqual([
      '2011-12-30: 12:00 does not exist in Pacific/Apia; it runs at 2011-12-31 00:00',
    ]);
  });

  it('are none where no change falls on a time of the expression', () => {
    expect(notes('0 9 * * *', NEW_YORK, '2026-01-01T00:00:00Z')).toEqual([]);
    expect(notes('30 2 * * 1', NEW_YORK, '2026-01-01T00:00:00Z')).toEqual([]);
    expect(notes('* * * * *', 'UTC', '2026-01-01T00:00:00Z')).toEqual([]);
  });

  it('are of changes that are to come, and a few only', () => {
    expect(notes('30 2 * * *', NEW_YORK, '2026-03-08T06:59:59Z')).toHaveLength(1);
    expect(notes('30 2 * * *', NEW_YORK, '2026-03-08T07:00:00Z')).toEqual([]);
    expect(notes('* * * * *', NEW_YORK, '2026-01-01T00:00:00Z', 50 * YEAR)).toHaveLength(4);
    expect(notes('* * * * *', NEW_YORK, '2100-01-01T00:00:00Z', 50 * YEAR)).toHaveLength(2);
  });
});
