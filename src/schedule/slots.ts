import { civilDateOf, dayNumberOf, SECONDS_PER_DAY } from './civil-time.js';
import type { CronExpression, ParseOptions } from './cron-expression.js';
import { parseStoredExpression } from './parse-expression.js';
import { ScheduleError } from './schedule-error.js';
import { zoneOffsets, type ZoneOffsets } from './zone-offsets.js';

/** Recorded in the metadata of every decision about a job; raise it whenever a slot could come out differently. */
export const SLOT_ENGINE_VERSION = 1;

/**
 * The slots of one expression in one zone.
 *
 * The rule at a change of the zone's offset: an expression whose hour field covers all 24 hours follows real time,
 * so every real minute whose local time matches is a slot. Any other runs a repeated local time on its first pass
 * only, and local times lost in a gap run once, together, at the first instant after it.
 */
export interface Schedule {
  readonly expression: CronExpression;
  readonly zone: ZoneOffsets;
  /**
   * The first slot strictly after `instant` (both epoch milliseconds, UTC), or undefined when none comes within
   * 12 years. A step function of `instant`: every instant between two slots has the same answer.
   */
  nextAfter(instant: number): number | undefined;
}

/** The longest gap between leap days is 8 years (2096 to 2104); a fifth weekday of February can exceed the horizon. */
const HORIZON_YEARS = 12;
const NEVER_DUE_MS = 5 * 366 * SECONDS_PER_DAY * 1000;
const MEMO_LIMIT = 10_000;

const memo = new Map<string, Schedule>();

/**
 * The schedule of an expression and a time zone; jobs with the same text share one. Takes what any version has accepted:
 * whether a client may still use it is asked by `refusedToday`.
 * @throws ScheduleError invalid_cron_expression | invalid_time_zone
 */
export function scheduleOf(expression: string, timeZone: string, options: ParseOptions): Schedule {
  const key = `${options.allowSeconds ? 6 : 5}|${timeZone}|${expression}`;
  let schedule = memo.get(key);
  if (schedule === undefined) {
    const parsed = parseStoredExpression(expression, options);
    const zone = zoneOffsets(timeZone);
    const next = parsed.everyHour ? nextInRealTime : nextInLocalTime;
    schedule = {
      expression: parsed,
      zone,
      nextAfter: remembering((instant) => {
        const slot = next(parsed, zone, Math.floor(instant / 1000));
        return slot === undefined ? undefined : slot * 1000;
      }),
    };
    if (memo.size >= MEMO_LIMIT) memo.clear();
    memo.set(key, schedule);
  }
  return schedule;
}

/**
 * Answers from the last two intervals (asked instant, slot) while the instant lies in one: jobs with the same schedule
 * come due together, and each asks for the slot that is due and then for the one after it.
 */
function remembering(next: Schedule['nextAfter']): Schedule['nextAfter'] {
  let newest = { from: Infinity, slot: -Infinity };
  let older = newest;
  return (instant) => {
    if (newest.from <= instant && instant < newest.slot) return newest.slot;
    if (older.from <= instant && instant < older.slot) return older.slot;
    const slot = next(instant);
    if (slot !== undefined) {
      older = newest;
      newest = { from: instant, slot };
    }
    return slot;
  };
}

/** @throws ScheduleError never_due when nothing is due within 5 years of `now` */
export function assertEverDue(schedule: Schedule, now: number): void {
  const next = schedule.nextAfter(now);
  if (next === undefined || next - now > NEVER_DUE_MS) {
    throw new ScheduleError(
      'never_due',
      'cron_expression',
      'nothing is due within 5 years; allowed: a schedule that comes up',
    );
  }
}

function nextInRealTime(cron: CronExpression, zone: ZoneOffsets, utc: number): number | undefined {
  let index = zone.indexAt(utc);
  let local = utc + zone.offsetOf(index) + 1;
  const last = utc + HORIZON_YEARS * 366 * SECONDS_PER_DAY;
  for (;;) {
    const match = nextMatch(cron, local);
    if (match === undefined) return undefined;
    const offset = zone.offsetOf(index);
    const end = zone.endOf(index);
    if (match < end + offset) return match - offset;
    if (end > last) return undefined;
    index = zone.indexAt(end);
    local = end + zone.offsetOf(index);
  }
}

function nextInLocalTime(cron: CronExpression, zone: ZoneOffsets, utc: number): number | undefined {
  let index = zone.indexAt(utc);
  let offset = zone.offsetOf(index);
  const start = zone.startOf(index);
  const before = zone.offsetOf(index - 1);
  // On the second pass of a repeated time, everything up to its end already ran on the first pass.
  const repeatedUntil = start + before - offset;
  const from = utc < repeatedUntil ? start + before : utc + offset + 1;
  const match = nextMatch(cron, from);
  if (match === undefined) return undefined;
  for (;;) {
    const end = zone.endOf(index);
    if (match < end + offset) return match - offset;
    index = zone.indexAt(end);
    offset = zone.offsetOf(index);
    if (match < end + offset) return end;
  }
}

/** The first local second >= `from` that the fields allow, in seconds of local wall-clock time. */
function nextMatch(cron: CronExpression, from: number): number | undefined {
  const today = Math.floor(from / SECONDS_PER_DAY);
  const { day, ...date } = civilDateOf(today);
  let { year, month } = date;
  const lastYear = year + HORIZON_YEARS;
  let days = (cron.months >> month) & 1 ? cron.daysOf(year, month) : 0;
  if ((days >> (day - 1)) & 1) {
    const time = timeOfDayFrom(cron, from - today * SECONDS_PER_DAY);
    if (time >= 0) return today * SECONDS_PER_DAY + time;
  }
  // Bits of the days after today; a shift by 32 would be a shift by 0.
  days = day >= 31 ? 0 : days & (-1 << day);
  while (days === 0) {
    if (++month > 12) {
      month = 1;
      if (++year > lastYear) return undefined;
    }
    if ((cron.months >> month) & 1) days = cron.daysOf(year, month);
  }
  const firstDay = 32 - Math.clz32(days & -days);
  return dayNumberOf(year, month, firstDay) * SECONDS_PER_DAY + timeOfDayFrom(cron, 0);
}

/** The first second of the day >= `from` that the time fields allow, or -1 when the day has none left. */
function timeOfDayFrom(cron: CronExpression, from: number): number {
  let hour = Math.floor(from / 3600);
  let minute = Math.floor(from / 60) % 60;
  let second = from % 60;
  second = cron.nextSecond[second] ?? -1;
  if (second < 0) {
    minute++;
    second = cron.nextSecond[0] ?? 0;
  }
  const sameMinute = minute;
  minute = cron.nextMinute[minute] ?? -1;
  if (minute !== sameMinute) second = cron.nextSecond[0] ?? 0;
  if (minute < 0) {
    hour++;
    minute = cron.nextMinute[0] ?? 0;
  }
  const sameHour = hour;
  hour = cron.nextHour[hour] ?? -1;
  if (hour < 0) return -1;
  if (hour !== sameHour) {
    minute = cron.nextMinute[0] ?? 0;
    second = cron.nextSecond[0] ?? 0;
  }
  return hour * 3600 + minute * 60 + second;
}
