/** What the engine is compared by: each kind of field, alone and together, where days, months and offsets change. */

/** All hours: these follow real time. */
const EVERY_HOUR = [
  '* * * * *',
  '*/5 * * * *',
  '7-59/13 * * * *',
  '5/25 * * * *',
  '0 * * * *',
  '59 0-23 * * *',
  '30 */1 * * *',
  '0,15,30,45 * * * MON-FRI',
  '45 * L * *',
  '15 * 1,15 * SUN',
  '* * * 2 1',
  '*/20 * ? JAN-MAR,OCT 6,7',
];

/** A choice of hours: a repeated time once, a lost one at the end of the gap. */
const SOME_HOURS = [
  '0 0 * * *',
  '30 0 * * *',
  '0 2 * * *',
  '30 2 * * *',
  '59 1 * * *',
  '0 3 * * *',
  '59 23 * * *',
  '15,45 1-3 * * *',
  '*/15 2 * * *',
  '*/10 0-3,23 * * *',
  '* 0-3 * * SUN',
  '*/30 0-22 * * *',
  '0 */6 * * *',
  '59 */2 * * *',
  '30 0-23/2 * * SUN',
  '20 1-23/2 * * sat,Sun',
  '0 9 * * MON-FRI',
  '1 0,1,2,3 * * 7',
  '10 4 1-7 * *',
  '0 12 */2 * *',
  '0 12 10-20/5 * *',
];

/** A choice of days. */
const SOME_DAYS = [
  '0 0 1 * *',
  '0 2 31 * *',
  '0 0 L * *',
  '30 2 15,L * *',
  '0 0 13 * FRI',
  '0 2 1-7 * SUN',
  '0 0 * 4,6 MON',
  '30 1 L 2,3,10 SUN',
  '0 3 * * 5L',
  '30 2 * * 0L',
  '0 2 * * SUN#2',
  '30 1 * * SUN#1',
  '0 1 * * MON#5',
  '0 0 13 * TUE#3',
  '0 0 1 1 *',
  '0 0 30 12 *',
];

/** February in leap years and in others. */
export const LEAP_DAYS = [
  '0 0 29 2 *',
  '30 * 29 2 *',
  '0 2 29-31 * *',
  '0 0 L 2 *',
  '*/30 12 L FEB *',
  '0 0 28,L * *',
  '0 6 29 2 THU',
  '0 0 * 2 THU#5',
  '0 0 * 2 4L',
];

export const EXPRESSIONS: readonly string[] = [...EVERY_HOUR, ...SOME_HOURS, ...SOME_DAYS, ...LEAP_DAYS];
