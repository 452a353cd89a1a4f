import { scheduleOf, type Schedule } from '../../src/schedule/slots.js';
import { zoneOffsets } from '../../src/schedule/zone-offsets.js';
import { oracleChanges, oracleLocalMinutes, oracleSlots } from './slot-oracle.js';

/** All instants are epoch milliseconds; `to` is exclusive. */
export interface Range {
  timeZone: string;
  from: number;
  to: number;
}

export interface Compared {
  /** Minutes whose offset was compared. */
  minutes: number;
  slots: number;
  /** Single questions from instants anywhere. */
  questions: number;
  differences: number;
  /** The first differences, readable. */
  examples: string[];
}

const EXAMPLES = 5;
const QUESTIONS_ANYWHERE = 50;
const QUESTIONS_NEAR_CHANGES = 30;
const NEAR_MS = 2 * 3_600_000;

export function nothingCompared(): Compared {
  return { minutes: 0, slots: 0, questions: 0, differences: 0, examples: [] };
}

export function addCompared(sum: Compared, more: Compared): void {
  sum.minutes += more.minutes;
  sum.slots += more.slots;
  sum.questions += more.questions;
  sum.differences += more.differences;
  sum.examples.push(...more.examples.slice(0, EXAMPLES));
}

/**
 * Compares the offset of every minute with Intl's.
 * @returns `series` too: the same text for zones whose offsets are the same all the time
 */
export function compareOffsets({ timeZone, from, to }: Range): Compared & { series: string } {
  const compared = nothingCompared();
  const zone = zoneOffsets(timeZone);
  const localOf = oracleLocalMinutes(timeZone, from, to);
  const series: string[] = [];
  let before: number | undefined;
  for (let index = 0; index < localOf.length; index++) {
    const minute = from / 60_000 + index;
    const expected = ((localOf[index] ?? NaN) - minute) * 60;
    const offset = zone.offsetOf(zone.indexAt(minute * 60));
    if (offset !== expected)
      differ(compared, `${timeZone} at ${readable(minute * 60_000)}: ${offset} s, Intl ${expected} s`);
    if (expected !== before) series.push(`${index} ${expected}`);
    before = expected;
  }
  compared.minutes = localOf.length;
  return { ...compared, series: series.join() };
}

/**
 * Compares the slots of one expression with those of the oracle: each from the one before it, then from instants
 * anywhere, a part of them near changes of the offset.
 */
export function compareSlots(expression: string, range: Range, random: () => number): Compared {
  const compared = nothingCompared();
  const { timeZone, from, to } = range;
  const schedule = scheduleOf(expression, timeZone, { allowSeconds: false });
  const slots = oracleSlots(expression, timeZone, from, to);
  const ask = asker(schedule, range, compared);

  let before = from - 1;
  for (const slot of slots) {
    ask(before, slot);
    before = slot;
  }
  ask(before, undefined);
  compared.slots = slots.length;

  const instants = randomInstants(range, random);
  for (const instant of instants) {
    const slot = slots[indexAfter(slots, instant)];
    ask(instant, slot);
    // Twice more in the same interval: what is remembered of it must be the same.
    ask(instant, slot);
    ask((slot ?? to) - 1, slot);
  }
  compared.questions = 3 * instants.length;
  return compared;
}

function asker(schedule: Schedule, { timeZone, to }: Range, compared: Compared) {
  const { text } = schedule.expression;
  return (after: number, expected: number | undefined): void => {
    const slot = schedule.nextAfter(after);
    const same = expected === undefined ? slot === undefined || slot >= to : slot === expected;
    if (same) return;
    const wanted = expected === undefined ? `none before ${readable(to)}` : readable(expected);
    differ(compared, `${text} in ${timeZone} after ${readable(after)}: ${readable(slot)}, oracle ${wanted}`);
  };
}

function randomInstants({ timeZone, from, to }: Range, random: () => number): number[] {
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low));
  const changes = oracleChanges(timeZone, from, to);
  const near = Array.from({ length: changes.length === 0 ? 0 : QUESTIONS_NEAR_CHANGES }, () => {
    const change = changes[between(0, changes.length)] ?? from;
    return between(Math.max(from, change - NEAR_MS), Math.min(to, change + NEAR_MS));
  });
  return [...Array.from({ length: QUESTIONS_ANYWHERE }, () => between(from, to)), ...near];
}

/** Index of the first slot after the instant. */
function indexAfter(slots: readonly number[], instant: number): number {
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((slots[middle] ?? Infinity) > instant) high = middle;
    else low = middle + 1;
  }
  return low;
}

function differ(compared: Compared, example: string): void {
  compared.differences++;
  if (compared.examples.length < EXAMPLES) compared.examples.push(example);
}

function readable(instant: number | undefined): string {
  return instant === undefined ? 'none' : new Date(instant).toISOString();
}
