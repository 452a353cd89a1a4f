import { describe, expect, it } from '@jest/globals';
import { parseCronExpression } from '../../../src/schedule/parse-expression.js';
import { ScheduleError } from '../../../src/schedule/schedule-error.js';
import { assertEverDue, scheduleOf } from '../../../src/schedule/slots.js';

const START = Date.parse('2025-01-01T00:00:00Z');

function refusalOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

function slotsOf(expression: string, count: number, allowSeconds = false): (string | undefined)[] {
  const schedule = scheduleOf(expression, 'UTC', { allowSeconds });
  let slot: number | undefined = START - 1;
  return Array.from({ length: count }, () => {
    slot = slot === undefined ? undefined : schedule.nextAfter(slot);
    return slot === undefined ? undefined : new Date(slot).toISOString().slice(0, 19);
  });
}

describe('an expression is refused', () => {
  it.each([
    [''],
    ['   '],
    ['*'],
    ['* * * *'],
    ['0 * * * * *'],
    ['0 0 * * * * *'],
    ['0 0 30 2 *'],
    ['0 0 31 4,6 *'],
    ['H * * * *'],
    ['H/5 * * * *'],
    ['h * * * *'],
    ['H(0-29) * * * *'],
    ['0 0 * * H'],
    ['@reboot'],
    ['@every 5m'],
    ['@'],
    ['60 * * * *'],
    ['* 24 * * *'],
    ['0 0 0 * *'],
    ['0 0 32 * *'],
    ['0 0 * 0 *'],
    ['0 0 * 13 *'],
    ['0 0 * * 8'],
    ['-1 * * * *'],
    ['1.5 * * * *'],
    ['1e1 * * * *'],
    ['*/0 * * * *'],
    ['*/ * * * *'],
    ['*/-5 * * * *'],
    ['5-1 * * * *'],
    ['1-2-3 * * * *'],
    ['1,,2 * * * *'],
    ['1, * * * *'],
    ['*5 * * * *'],
    ['0 0 * * L'],
    ['0 0 * * 1,L'],
    ['0 0 * * 1#6'],
    ['0 0 * * 1#0'],
    ['0 0 15W * *'],
    ['L * * * *'],
    ['? * * * *'],
    ['0 0 * ? *'],
    ['TQQT * * * *'],
    ['0 0 * FEBRUARY *'],
    ['0 0 * * JAN'],
    ['hello world how are you'],
    ['* * * * * ; rm'],
    ['０ 0 * * *'],
    ['0 0 * * ☃'],
    ['0 0 * * *\0'],
    [`0 0 * * ${' '.repeat(290)}*`],
    [' '.repeat(300)],
    // Each was read as something else: as another month, weekday or number.
    ['0 2 1 JANFEB *'],
    ['0 2 * 1JAN *'],
    ['0 2 * JAN0 *'],
    ['0 2 * JAN_ *'],
    ['0 2 * * SUNTHU'],
    ['0 2 * * 0MON'],
    ['0 2 * * MON/FRI'],
    ['0 2 * * MON1'],
    ['0 JAN * * *'],
    ['0 2 MON * *'],
    ['0 2 * * *#1'],
    ['0 2 * * 1-5#1'],
    ['0 2 * * 5#1e0'],
    ['0 2 * * 5#+2'],
    ['0 2 * * 5#0x2'],
    ['0 2 * * 5#1.0'],
    ['0 2 * * 5#'],
    ['0 2 * * 5#2,1'],
    ['0 2 * * 5L/2'],
    ['0 2 LL * *'],
    ['0 2 L/2 * *'],
    ['0 2 * fr\u0131 *'],
    ['0 2 * * \u017fun'],
    ['0 2 * * fr\u0131'],
    ['\u0661 2 * * *'],
    ['0\u00a02 * * *'],
    ['0\u20282 * * *'],
    ['*/90 * * * *'],
    ['*/60 * * * *'],
    ['0 */24 * * *'],
    ['0 1/24 * * *'],
    ['0 0-23/99 * * *'],
    ['0 0 */31 * *'],
    ['0 0 1 */12 *'],
    ['0 0 * * */7'],
    ['0 0 * * FRI-MON'],
    ['0 0 * * 7/2'],
    ['\u00a0@daily'],
    ['\ufeff0 2 * * *'],
    ['0 2 * * *\u2028'],
    ['0\n2 * * *'],
    ['0\v2 * * *'],
    ['0 0 * * 5-1'],
  ])('when it is %j', (text) => {
    const refusal = refusalOf(() => parseCronExpression(text, { allowSeconds: false }));
    expect(refusal).toBeInstanceOf(ScheduleError);
    expect(refusal).toMatchObject({
      code: 'invalid_cron_expression',
      field: 'cron_expression',
      message: expect.stringContaining('; allowed: '),
    });
  });

  it.each(['* * * *', '0 0 0 * * * *', ''])('with seconds allowed when it is %j', (text) => {
    expect(refusalOf(() => parseCronExpression(text, { allowSeconds: true }))).toMatchObject({
      code: 'invalid_cron_expression',
      message: expect.stringContaining('allowed: 5 fields (6 with leading seconds)'),
    });
  });
});

it.each([
  ['0 0 * * L', 'write 5L'],
  ['H 0 * * *', 'hashed values'],
  ['* * * *', '4 fields given; allowed: 5 fields "minute hour day-of-month month day-of-week"'],
  ['0 0 1 JANFEB *', 'month is "JANFEB": "JANFEB" is no month; allowed: *, 1 to 12, JAN to DEC'],
  ['0 0 * * MON/FRI', 'day-of-week is "MON/FRI": a step is a whole number; allowed: *, 0 to 7, SUN to SAT'],
  ['0 0 * * 1,2#1', 'day-of-week is "1,2#1": # takes one weekday and 1 to 5, and stands alone'],
  ['0 61 * * *', 'hour is "61": 61 is out of range; allowed: *, 0 to 23, ranges such as 1-5'],
  ['*/90 * * * *', 'minute is "*/90": the step 90 is larger than the field; allowed: *, 0 to 59'],
  ['0 0 * 1,,2 *', 'month is "1,,2": an item of the list is empty'],
  ['0 22-2 * * *', 'hour is "22-2": the range runs backwards'],
  ['? * * * *', 'minute is "?": ? stands for any day: in day-of-month or day-of-week'],
  ['0 0 30 2 *', 'day-of-month is "30": no month of "2" has this day'],
  ['0\u00a00 * * *', 'the character U+00A0 is not allowed'],
  [`${'7'.repeat(99)} * * * *`, `minute is "${'7'.repeat(40)}...": ${'7'.repeat(40)}... is out of range`],
  ['*', '1 field given'],
  ['@reboot', 'unknown alias'],
  [' '.repeat(257), 'longer than 256 characters'],
])('the refusal of %j says why: %s', (text, reason) => {
  expect(refusalOf(() => parseCronExpression(text, { allowSeconds: false }))).toMatchObject({
    message: expect.stringContaining(reason),
  });
});

describe('an expression is accepted', () => {
  it.each([
    ['0 0 1 JAN *', '2025-01-01T00:00:00', '2026-01-01T00:00:00'],
    ['0 0 * feb,Mar MON', '2025-02-03T00:00:00', '2025-02-10T00:00:00'],
    ['0 0 * * THU', '2025-01-02T00:00:00', '2025-01-09T00:00:00'],
    ['0 0 * * tue,Thu', '2025-01-02T00:00:00', '2025-01-07T00:00:00'],
    ['0 0 * * tue-THU', '2025-01-01T00:00:00', '2025-01-02T00:00:00'],
    ['0 0 * * 7', '2025-01-05T00:00:00', '2025-01-12T00:00:00'],
    ['0 0 * * 5-7', '2025-01-03T00:00:00', '2025-01-04T00:00:00'],
    ['0 0 ? * 1', '2025-01-06T00:00:00', '2025-01-13T00:00:00'],
    ['0 0 5 * ?', '2025-01-05T00:00:00', '2025-02-05T00:00:00'],
    ['*/25 * * * *', '2025-01-01T00:00:00', '2025-01-01T00:25:00'],
    ['5/25 * * * *', '2025-01-01T00:05:00', '2025-01-01T00:30:00'],
    ['10-40/30 3 * * *', '2025-01-01T03:10:00', '2025-01-01T03:40:00'],
    ['0 0 l * *', '2025-01-31T00:00:00', '2025-02-28T00:00:00'],
    ['0 0 * * 5L', '2025-01-31T00:00:00', '2025-02-28T00:00:00'],
    ['0 0 * * 1#2', '2025-01-13T00:00:00', '2025-02-10T00:00:00'],
    ['0 9 * * 0,7', '2025-01-05T09:00:00', '2025-01-12T09:00:00'],
    ['*/20,*/30 * * * *', '2025-01-01T00:00:00', '2025-01-01T00:20:00'],
    ['0 9-12,12-15 * * *', '2025-01-01T09:00:00', '2025-01-01T10:00:00'],
    ['0 0 * * 1-5,MON', '2025-01-01T00:00:00', '2025-01-02T00:00:00'],
    ['0 0 *,5 * *', '2025-01-01T00:00:00', '2025-01-02T00:00:00'],
    ['0 0 * * MON-SUN', '2025-01-01T00:00:00', '2025-01-02T00:00:00'],
    ['0 0 * * fri-sun', '2025-01-03T00:00:00', '2025-01-04T00:00:00'],
    ['0 0 * * sat-0', '2025-01-04T00:00:00', '2025-01-05T00:00:00'],
    ['0 0 * * 7-1', '2025-01-05T00:00:00', '2025-01-06T00:00:00'],
    ['0 0 * * SUN-SUN', '2025-01-05T00:00:00', '2025-01-12T00:00:00'],
    ['0 0 * * 7-7', '2025-01-05T00:00:00', '2025-01-12T00:00:00'],
    ['0 0 * * MON-SUN/3', '2025-01-02T00:00:00', '2025-01-05T00:00:00'],
    ['0 0 * * FRIL', '2025-01-31T00:00:00', '2025-02-28T00:00:00'],
    ['0 0 * * 5#02', '2025-01-10T00:00:00', '2025-02-14T00:00:00'],
    ['0 0 L,15 * *', '2025-01-15T00:00:00', '2025-01-31T00:00:00'],
    ['0 0 * * 5L,1', '2025-01-06T00:00:00', '2025-01-13T00:00:00'],
    ['  0\t0   1 * *\n', '2025-01-01T00:00:00', '2025-02-01T00:00:00'],
    ['@yearly', '2025-01-01T00:00:00', '2026-01-01T00:00:00'],
    ['@annually', '2025-01-01T00:00:00', '2026-01-01T00:00:00'],
    ['@monthly', '2025-01-01T00:00:00', '2025-02-01T00:00:00'],
    ['@Weekly', '2025-01-05T00:00:00', '2025-01-12T00:00:00'],
    ['@daily', '2025-01-01T00:00:00', '2025-01-02T00:00:00'],
    ['@midnight', '2025-01-01T00:00:00', '2025-01-02T00:00:00'],
    ['@HOURLY', '2025-01-01T00:00:00', '2025-01-01T01:00:00'],
  ])('when it is %j', (text, first, second) => {
    expect(slotsOf(text, 2)).toEqual([first, second]);
  });

  it('with seconds where they are allowed', () => {
    expect(slotsOf('*/25 59 23 * * *', 4, true)).toEqual([
      '2025-01-01T23:59:00',
      '2025-01-01T23:59:25',
      '2025-01-01T23:59:50',
      '2025-01-02T23:59:00',
    ]);
    expect(slotsOf('30 */30 * * * *', 2, true)).toEqual(['2025-01-01T00:00:30', '2025-01-01T00:30:30']);
    expect(slotsOf('*/30 * * * *', 2, true)).toEqual(['2025-01-01T00:00:00', '2025-01-01T00:30:00']);
  });

  it('and keeps the text that was written', () => {
    expect(parseCronExpression(' 0 0 * * Mon ', { allowSeconds: false }).text).toBe('0 0 * * Mon');
  });
});

describe('an expression that is hardly ever due', () => {
  const neverDue = { code: 'never_due', field: 'cron_expression' };
  const check = (expression: string, now: string): unknown =>
    refusalOf(() => {
      assertEverDue(scheduleOf(expression, 'UTC', { allowSeconds: false }), Date.parse(now));
    });

  it('is refused when nothing comes within 5 years', () => {
    expect(check('0 0 29 2 *', '2096-03-01T00:00:00Z')).toMatchObject(neverDue);
    expect(check('0 0 * 2 MON#5', '2025-01-01T00:00:00Z')).toMatchObject(neverDue);
  });

  it('is accepted when something does', () => {
    expect(check('0 0 29 2 *', '2024-02-29T00:00:00Z')).toBeUndefined();
    expect(check('0 0 1 1 *', '2025-01-01T00:00:00Z')).toBeUndefined();
  });
});
