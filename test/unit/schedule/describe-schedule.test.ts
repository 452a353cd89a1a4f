import { describe, expect, it } from '@jest/globals';
import { describeSchedule } from '../../../src/schedule/describe-schedule.js';

describe('an expression in words', () => {
  it.each([
    ['0 2 * * *', 'At 02:00'],
    ['@daily', 'At 00:00'],
    ['@Weekly', 'At 00:00, only on Sunday'],
    ['@HOURLY', 'Every hour'],
    ['@annually', 'At 00:00, on day 1 of the month, only in January'],
    ['  0\t2   1 * *\n', 'At 02:00, on day 1 of the month'],
    ['* * * * *', 'Every minute'],
    ['*/15 * * * *', 'Every 15 minutes'],
    ['0 */6 * * *', 'On the hour, every 6 hours'],
    ['0,30 9-17 * * *', 'Every 30 minutes, between 09:00 and 17:59'],
    ['0 0 * feb,Mar MON', 'At 00:00, only on Monday, only in February and March'],
    ['0 9 ? * MON-FRI', 'At 09:00, Monday through Friday'],
    ['0 0 5 * ?', 'At 00:00, on day 5 of the month'],
    ['0 0 l * *', 'At 00:00, on the last day of the month'],
    ['0 3 * * 5L', 'At 03:00, on the last Friday of the month'],
    ['0 3 * * FRI#2', 'At 03:00, on the second Friday of the month'],
    ['00 02 * * 07', 'At 02:00, only on Sunday'],
    ['*/10 * * * * *', 'Every 10 seconds'],
    ['30 0 2 * * *', 'At 02:00:30'],
  ])('%j', (text, words) => {
    expect(describeSchedule(text)).toBe(words);
  });
});

describe('a day that need match only one of two fields', () => {
  it.each([
    ['0 2 15 * 5', 'At 02:00, on day 15 of the month; or at 02:00, on Friday'],
    ['0 2 1,15 * 1-5', 'At 02:00, on day 1 and 15 of the month; or at 02:00, Monday through Friday'],
    [
      '0 2 L * FRI#2',
      'At 02:00, on the last day of the month; or at 02:00, on the second Friday of the month',
    ],
    [
      '*/15 * 1 1 MON',
      'Every 15 minutes, on day 1 of the month, only in January; or every 15 minutes, on Monday, only in January',
    ],
    ['0 0 2 15 * 5', 'At 02:00, on day 15 of the month; or at 02:00, on Friday'],
  ])('%s', (text, words) => {
    expect(describeSchedule(text)).toBe(words);
  });

  it.each([
    ['0 2 1-31 * 5', 'At 02:00, only on Friday'],
    ['0 2 1-30 6 5', 'At 02:00, only on Friday, only in June'],
    ['0 2 15 * 0-7', 'At 02:00, on day 15 of the month'],
    ['0 2 1-31 * 0-6', 'At 02:00'],
  ])('is the one that says something: %s', (text, words) => {
    expect(describeSchedule(text)).toBe(words);
  });
});

describe('a step that does not come out even', () => {
  it.each([
    ['*/25 * * * *', 'At 0, 25, and 50 minutes past the hour'],
    ['5/25 * * * *', 'At 5, 30, and 55 minutes past the hour'],
    ['0 */5 * * *', 'At 00:00, 05:00, 10:00, 15:00 and 20:00'],
    ['0 0 */10 * *', 'At 00:00, on day 1, 11, 21, and 31 of the month'],
    ['0 0 * 3/5 *', 'At 00:00, only in March and August'],
    [
      '0 0 * 3/3 */2',
      'At 00:00, only on Tuesday, Thursday, Saturday, and Sunday, every 3 months, March through December',
    ],
    ['0 0 * * 1/2', 'At 00:00, only on Sunday, Monday, Wednesday, and Friday'],
    ['*/45 * * * * *', 'At 0 and 45 seconds past the minute'],
  ])('is the list of its values: %s', (text, words) => {
    expect(describeSchedule(text)).toBe(words);
  });

  it('unless they are many', () => {
    expect(describeSchedule('0 0 */2 * *')).toBe('At 00:00, every 2 days in a month');
  });
});

it('there are words for whatever the other tests take as valid', () => {
  const taken = `
    15,45 1-3 * * *|0 * * * 0|30 0-23/2 * * SUN|0 0 29 2 *|0 0 13 * FRI|0 0 * 4,6 MON|59 23 L * *|0 1 * * MON#5
    10 0 ? JAN-MAR,OCT 6,7|7-59/13 0-23 * * *|*/10 0-3,23 * * *|*/30 0-22 * * *|59 */2 * * *|0 0 * * tue,Thu
    0 0 * * 5-7|10-40/30 3 * * *|0 0 15,L * *|0 0 * * MON,5L|0 0 31 1,4 1|5,10-20,30/5 * * * *|*/1 */1 */1 */1 */1`;
  for (const text of taken.trim().split(/[|\n]/))
    expect([text, describeSchedule(text)]).toEqual([text, expect.any(String)]);
});

it('what has no words has null, not an error', () => {
  expect(describeSchedule('no expression at all')).toBeNull();
});

describe('what means the same is described alike', () => {
  it.each([
    ['0 0 1 JUL/8 *', '0 0 1 7 *'],
    ['0 0 1 JUL,7 *', '0 0 1 7 *'],
    ['0 0 1 jul-jul *', '0 0 1 7 *'],
    ['0 0 * * MON-SUN', '0 0 * * *'],
    ['0 0 * * 0,7', '0 0 * * SUN'],
    ['0 0 * * 7-2', '0 0 * * SUN-TUE'],
    ['0 0 * * 5-0', '0 0 * * FRI-SUN'],
    ['0 0 * * 5L,5L', '0 0 * * FRIL'],
    ['0 0 ?/2 * *', '0 0 */2 * *'],
    ['0/30,15/30 * * * *', '*/15 * * * *'],
    ['0 9-12,12-15 * * *', '0 9-15 * * *'],
    ['0 0 * * 1-5,MON', '0 0 * * MON-FRI'],
    ['0 5-6,6 * * *', '0 5,6 * * *'],
    ['0 0 *,5 * *', '0 0 * * *'],
    ['0 0 *,L * 5', '0 0 * * *'],
  ])('%s and %s', (one, other) => {
    expect(describeSchedule(one)).toBe(describeSchedule(other));
  });
});

describe('what names several kinds of days is described by each of them', () => {
  it.each([
    [
      '0 0 * * MON/2,5L',
      'At 00:00, on Sunday, Monday, Wednesday, and Friday; or at 00:00, on the last Friday of the month',
    ],
    ['0 0 L,*/25 * *', 'At 00:00, on day 1 and 26 of the month; or at 00:00, on the last day of the month'],
    ['0 2 20-31,13-18/2 * *', 'At 02:00, on day 13, 15, 17, and 20 through 31 of the month'],
    ['0 0 * * FRI-SUN', 'At 00:00, Friday through Sunday'],
    ['0 0 L * 5#1', 'At 00:00, on the last day of the month; or at 00:00, on the first Friday of the month'],
  ])('%s', (text, description) => {
    expect(describeSchedule(text)).toBe(description);
  });
});
