import { civilDateOf, dayNumberOf, daysInMonth, SECONDS_PER_DAY } from './civil-time.js';
import type { CronExpression } from './cron-expression.js';
import type { Schedule } from './slots.js';

/** Slots that follow one another: the first, the last (epoch milliseconds), and how many they are. */
export interface SlotRange {
  from: number;
  to: number;
  count: number;
}

/**
 * The slots in (after, until], epoch milliseconds; undefined when there are none. It does not walk over them: a year of
 * slots at each second takes no longer than a few days of daily ones.
 */
export function slotsBetween(schedule: Schedule, after: number, until: number): SlotRange | undefined {
  if (until <= after) return undefined;
  const from = schedule.nextAfter(after);
  if (from === undefined || from > until) return undefined;
  const to = lastUpTo(schedule, from, until);
  return { from, to, count: countUpTo(schedule, from, to) };
}

/** The last slot up to `until`, found by halving: which slot comes after an instant never decreases with the instant. */
function lastUpTo(schedule: Schedule, from: number, until: number): number {
  let last = from;
  let high = until;
  while (last < high) {
    const middle = Math.floor((last + high) / 2);
    const next = schedule.nextAfter(middle);
    if (next === undefined || next > until) high = middle;
    else if (next > middle) last = next;
    else throw new Error('the next slot is not after the one before it');
  }
  return last;
}

/**
 * How many slots lie between two, both included. Within a segment of one offset they are the local times that the
 * expression names, but for those that a first pass has had before it; whether the segment begins with a slot, as it
 * does after a gap that swallowed some, only the walk can tell.
 */
function countUpTo(schedule: Schedule, from: number, to: number): number {
  const { expression, zone } = schedule;
  const end = to / 1000 + 1;
  let count = 0;
  let at = from / 1000;
  while (at < end) {
    const index = zone.indexAt(at);
    const offset = zone.offsetOf(index);
    const next = Math.min(zone.endOf(index), end);
    let local = at + offset;
    if (!expression.everyHour) {
      const start = zone.startOf(index);
      if (at === start) {
        if (schedule.nextAfter(at * 1000 - 1) === at * 1000) count++;
        local++;
      }
      local = Math.max(local, start + zone.offsetOf(index - 1));
    }
    count += timesNamed(expression, local, next + offset);
    at = next;
  }
  return count;
}

/** How many local times in [from, to) the expression names, both in seconds of local wall-clock time. */
function timesNamed(cron: CronExpression, from: number, to: number): number {
  if (from >= to) return 0;
  const first = Math.floor(from / SECONDS_PER_DAY);
  const last = Math.floor((to - 1) / SECONDS_PER_DAY);
  const perDay = cron.timesBefore(SECONDS_PER_DAY);
  let { year, month } = civilDateOf(first);
  let count = 0;
  for (let day = first; day <= last;) {
    const firstOfMonth = dayNumberOf(year, month, 1);
    const end = firstOfMonth + daysInMonth(year, month);
    const days = (cron.months >> month) & 1 ? cron.daysOf(year, month) : 0;
    for (; day < end && day <= last; day++) {
      if (((days >> (day - firstOfMonth)) & 1) === 0) continue;
      count += perDay;
      if (day === first) count -= cron.timesBefore(from - day * SECONDS_PER_DAY);
      if (day === last) count -= perDay - cron.timesBefore(to - day * SECONDS_PER_DAY);
    }
    if (++month > 12) {
      month = 1;
      year++;
    }
  }
  return count;
}
