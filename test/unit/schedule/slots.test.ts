import { describe, expect, it } from '@jest/globals';
import { scheduleOf } from '../../../src/schedule/slots.js';
import { oracleSlots } from '../../oracle/slot-oracle.js';

/** What is special, expression, zone, the instant it is asked after, the slots that follow. */
type Case = [what: string, expression: string, timeZone: string, after: string, slots: string[]];

function cases(table: string): Case[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [what = '', expression = '', timeZone = '', after = '', slots = ''] = line.split(/ +\| /);
      return [what.trim(), expression, timeZone, after, slots.split(' ')];
    });
}

// 2025-11-02T06:00Z 02:00 becomes 01:00. Berlin: 2025-10-26T01:00Z 03:00 becomes 02:00.
const REPEATED = cases(`
  before it                        | 30 1 * * *   | America/New_York    | 2025-11-02T04:00Z | 2025-11-02T05:30Z 2025-11-03T06:30Z
  inside the first pass            | 30 1 * * *   | America/New_York    | 2025-11-02T05:45Z | 2025-11-03T06:30Z
  at its change                    | 30 1 * * *   | America/New_York    | 2025-11-02T06:00Z | 2025-11-03T06:30Z
  inside the second pass           | 30 1 * * *   | America/New_York    | 2025-11-02T06:15Z | 2025-11-03T06:30Z
  and the hour after it            | 0 1,2 * * *  | America/New_York    | 2025-11-02T06:15Z | 2025-11-02T07:00Z
  inside the second pass           | 30 2 * * *   | Europe/Berlin       | 2025-10-26T01:15Z | 2025-10-27T01:30Z
  before it                        | 30 2 * * *   | Europe/Berlin       | 2025-10-26T00:00Z | 2025-10-26T00:30Z 2025-10-27T01:30Z
  before midnight                  | 30 23 * * *  | Asia/Beirut         | 2025-10-25T21:10Z | 2025-10-26T21:30Z
  before midnight                  | 30 23 * * *  | America/Asuncion    | 2024-03-23T12:00Z | 2024-03-24T02:30Z 2024-03-25T03:30Z
  after midnight                   | 0 0 * * *    | America/Havana      | 2025-11-02T00:00Z | 2025-11-02T04:00Z 2025-11-03T05:00Z
  when Ramadan begins              | 30 2 * * *   | Africa/Casablanca   | 2025-02-23T01:00Z | 2025-02-23T01:30Z 2025-02-24T02:30Z
  when Ramadan begins, second pass | 30 2 * * *   | Africa/Casablanca   | 2025-02-23T02:15Z | 2025-02-24T02:30Z
  of two hours                     | 30 1,2 * * * | Antarctica/Troll    | 2025-10-25T12:00Z | 2025-10-25T23:30Z 2025-10-26T00:30Z 2025-10-27T01:30Z
  of half an hour                  | */15 1 * * * | Australia/Lord_Howe | 2025-04-05T14:40Z | 2025-04-05T14:45Z 2025-04-06T14:30Z
`);

// 2025-03-09T07:00Z 02:00 becomes 03:00. Berlin: 2025-03-30T01:00Z 02:00 becomes 03:00.
const LOST = cases(`
  before it           | 30 2 * * *     | America/New_York    | 2025-03-08T12:00Z        | 2025-03-09T07:00Z 2025-03-10T06:30Z
  a moment before it  | 30 2 * * *     | America/New_York    | 2025-03-09T06:59:59.999Z | 2025-03-09T07:00Z
  at its end          | 30 2 * * *     | America/New_York    | 2025-03-09T07:00Z        | 2025-03-10T06:30Z
  just after it       | 30 2 * * *     | America/New_York    | 2025-03-09T07:15Z        | 2025-03-10T06:30Z
  several times in it | */20 2,3 * * * | America/New_York    | 2025-03-09T06:00Z        | 2025-03-09T07:00Z 2025-03-09T07:20Z
  before it           | 30 2 * * *     | Europe/Berlin       | 2025-03-30T00:00Z        | 2025-03-30T01:00Z 2025-03-31T00:30Z
  just after it       | 30 2 * * *     | Europe/Berlin       | 2025-03-30T01:15Z        | 2025-03-31T00:30Z
  at midnight         | 0 0 * * *      | Asia/Beirut         | 2025-03-29T12:00Z        | 2025-03-29T22:00Z 2025-03-30T21:00Z
  at midnight         | 0 0 * * *      | America/Asuncion    | 2024-10-05T12:00Z        | 2024-10-06T04:00Z 2024-10-07T03:00Z
  at midnight         | 30 0 * * *     | America/Havana      | 2025-03-08T12:00Z        | 2025-03-09T05:00Z 2025-03-10T04:30Z
  when Ramadan ends   | 30 2 * * *     | Africa/Casablanca   | 2025-04-05T12:00Z        | 2025-04-06T02:00Z 2025-04-07T01:30Z
  of two hours        | 30 1,2 * * *   | Antarctica/Troll    | 2025-03-29T12:00Z        | 2025-03-30T01:00Z 2025-03-30T23:30Z 2025-03-31T00:30Z
  of half an hour     | */15 2 * * *   | Australia/Lord_Howe | 2026-10-03T12:00Z        | 2026-10-03T15:30Z 2026-10-03T15:45Z 2026-10-04T15:00Z
  of a whole day      | 0 12 * * *     | Pacific/Apia        | 2011-12-29T12:00Z        | 2011-12-29T22:00Z 2011-12-30T10:00Z 2011-12-30T22:00Z
  of the only day     | 0 0 30 12 *    | Pacific/Apia        | 2011-12-29T12:00Z        | 2011-12-30T10:00Z 2012-12-29T10:00Z
`);

const REAL_TIME = cases(`
  both passes               | 30 * * * *    | America/New_York    | 2025-11-02T05:00Z | 2025-11-02T05:30Z 2025-11-02T06:30Z 2025-11-02T07:30Z
  both passes               | 30 0-23 * * * | America/New_York    | 2025-11-02T05:15Z | 2025-11-02T05:30Z 2025-11-02T06:30Z
  both passes               | 30 */1 * * *  | America/New_York    | 2025-11-02T05:45Z | 2025-11-02T06:30Z 2025-11-02T07:30Z
  nothing extra after a gap | 30 * * * *    | America/New_York    | 2025-03-09T06:00Z | 2025-03-09T06:30Z 2025-03-09T07:30Z
  an odd offset             | 0 * * * *     | Pacific/Chatham     | 2025-04-05T13:00Z | 2025-04-05T13:15Z 2025-04-05T14:15Z
  half an hour repeated     | 0 * * * *     | Australia/Lord_Howe | 2025-04-05T14:00Z | 2025-04-05T15:30Z 2025-04-05T16:30Z
  half an hour repeated     | 45 * * * *    | Australia/Lord_Howe | 2025-04-05T14:00Z | 2025-04-05T14:45Z 2025-04-05T15:15Z
  half an hour lost         | 15 * * * *    | Australia/Lord_Howe | 2026-10-03T14:00Z | 2026-10-03T14:45Z 2026-10-03T16:15Z
  a day lost                | 0 * * * *     | Pacific/Apia        | 2011-12-30T08:30Z | 2011-12-30T09:00Z 2011-12-30T10:00Z 2011-12-30T11:00Z
`);

const DAYS = cases(`
  a leap day                         | 0 0 29 2 *     | UTC | 2025-01-01T00:00Z | 2028-02-29T00:00Z 2032-02-29T00:00Z
  the longest wait for a leap day    | 0 0 29 2 *     | UTC | 2096-02-29T00:00Z | 2104-02-29T00:00Z
  the last day                       | 0 0 L * *      | UTC | 2028-01-31T00:00Z | 2028-02-29T00:00Z 2028-03-31T00:00Z 2028-04-30T00:00Z
  the last Friday                    | 0 0 * * 5L     | UTC | 2025-01-01T00:00Z | 2025-01-31T00:00Z 2025-02-28T00:00Z 2025-03-28T00:00Z 2025-04-25T00:00Z
  the second Monday                  | 0 0 * * MON#2  | UTC | 2025-01-01T00:00Z | 2025-01-13T00:00Z 2025-02-10T00:00Z 2025-03-10T00:00Z
  a fifth Monday, where there is one | 0 0 * * MON#5  | UTC | 2025-01-01T00:00Z | 2025-03-31T00:00Z 2025-06-30T00:00Z
  the 13th or a Friday               | 0 0 13 * FRI   | UTC | 2025-06-30T00:00Z | 2025-07-04T00:00Z 2025-07-11T00:00Z 2025-07-13T00:00Z 2025-07-18T00:00Z
  the last day or a Monday           | 0 0 L 2 MON    | UTC | 2025-02-20T00:00Z | 2025-02-24T00:00Z 2025-02-28T00:00Z 2026-02-02T00:00Z
  Mondays of a short month           | * * * 2 1      | UTC | 2025-02-03T23:58Z | 2025-02-03T23:59Z 2025-02-10T00:00Z 2025-02-10T00:01Z
  Mondays of two short months        | 0 0 * 4,6 MON  | UTC | 2025-04-20T00:00Z | 2025-04-21T00:00Z 2025-04-28T00:00Z 2025-06-02T00:00Z
  every day of the month spelled out | 0 0 1-31 * MON | UTC | 2025-01-01T00:00Z | 2025-01-06T00:00Z 2025-01-13T00:00Z
  every weekday spelled out          | 0 0 13 * 0-6   | UTC | 2025-01-01T00:00Z | 2025-01-13T00:00Z 2025-02-13T00:00Z
`);

const LONGEST_FOR_THE_ORACLE = 400 * 86_400_000;

function slotsAfter(
  expression: string,
  timeZone: string,
  after: number,
  count: number,
): (number | undefined)[] {
  const schedule = scheduleOf(expression, timeZone, { allowSeconds: false });
  const slots: (number | undefined)[] = [];
  for (let slot: number | undefined = after; slots.length < count && slot !== undefined; slots.push(slot))
    slot = schedule.nextAfter(slot);
  return slots;
}

describe.each([
  ['a repeated local time fires on its first pass only', REPEATED],
  ['local times lost in a gap fire once, at its end', LOST],
  ['with every hour the expression follows real time', REAL_TIME],
  ['the days that match', DAYS],
])('%s', (_rule, table) => {
  it.each(table)('%s: %s in %s after %s', (_what, expression, timeZone, after, expected) => {
    const slots = slotsAfter(expression, timeZone, Date.parse(after), expected.length);
    expect(slots.map((slot) => slot && new Date(slot).toISOString())).toEqual(
      expected.map((slot) => new Date(slot).toISOString()),
    );
  });

  it('is how the oracle sees it', () => {
    for (const [, expression, timeZone, after, expected] of table) {
      const [from, slots] = [Date.parse(after), expected.map((slot) => Date.parse(slot))];
      const last = slots.at(-1) ?? from;
      if (last - from < LONGEST_FOR_THE_ORACLE)
        expect([expression, after, ...oracleSlots(expression, timeZone, from + 1, last + 1)]).toEqual([
          expression,
          after,
          ...slots,
        ]);
    }
  });
});
