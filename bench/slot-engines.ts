import { Cron } from 'croner';
import { CronExpressionParser } from 'cron-parser';
import { scheduleOf, type Schedule } from '../src/schedule/slots.js';
import { callsPerSecond } from './calls-per-second.js';

/** The years that are asked about: with three leap days ahead, so that iterating them never meets two intervals only. */
export const FROM = Date.UTC(2022, 0, 1);
export const TO = Date.UTC(2031, 0, 1);
/** A power of two, so that `turn & (INSTANTS - 1)` goes round. */
const INSTANTS = 2_048;

/** Calls per second: `random` from instants all over the years, `iterating` from each slot to the one after it. */
export interface Rates {
  random: number;
  iterating: number;
}

export interface OurRates extends Rates {
  /** As many jobs with the same schedule ask: for the slot that is due, and for the one after it. */
  cached: number;
}

export function ourRates(expression: string, timeZone: string, roundMs: number): OurRates {
  const schedule = scheduleOf(expression, timeZone, { allowSeconds: false });
  const next = (instant: number): number => schedule.nextAfter(instant) ?? NaN;
  const instants = unrememberedInstants(schedule);
  const random = callsPerSecond((turn) => next(instants[turn & (INSTANTS - 1)] ?? NaN), roundMs);
  const due = next(FROM);
  const cached = callsPerSecond((turn) => next(turn % 3 === 0 ? due - 1 - (turn & 1023) : due), roundMs);
  return { random, iterating: callsPerSecond(iteration(next), roundMs), cached };
}

export function cronerRates(expression: string, timeZone: string, roundMs: number): Rates {
  const cron = new Cron(expression, { timezone: timeZone });
  const next = (instant: number): number => cron.nextRun(new Date(instant))?.getTime() ?? NaN;
  return {
    random: callsPerSecond(() => next(randomInstant()), roundMs),
    iterating: callsPerSecond(iteration(next), roundMs),
  };
}

/**
 * It has no way of asking for the slot after an instant but to be made for that instant, as its users do.
 * `threw` says how often it did not answer, and why; such calls are counted like the others.
 */
export function cronParserRates(
  expression: string,
  timeZone: string,
  roundMs: number,
): Rates & { threw: string | undefined } {
  const from = (instant: number) =>
    CronExpressionParser.parse(expression, { tz: timeZone, currentDate: new Date(instant) });
  let iterator = from(FROM);
  let calls = 0;
  let thrown = 0;
  let reason = '';
  const nextOf = (of: typeof iterator): number => {
    calls++;
    try {
      return of.next().getTime();
    } catch (error) {
      thrown++;
      reason = String(error);
      return TO;
    }
  };
  const following = (instant: number): number => {
    if (instant === FROM) iterator = from(FROM);
    return nextOf(iterator);
  };
  return {
    random: callsPerSecond(() => nextOf(from(randomInstant())), roundMs),
    iterating: callsPerSecond(iteration(following), roundMs),
    threw: thrown === 0 ? undefined : `${thrown} of ${calls} calls: ${reason}`,
  };
}

function randomInstant(): number {
  return FROM + Math.floor(Math.random() * (TO - FROM));
}

function iteration(next: (instant: number) => number): () => number {
  let slot = FROM;
  return () => (slot = next(slot < TO ? slot : FROM));
}

/** Random instants, asked one after the other, of which none lies in an interval that the schedule remembers (two). */
function unrememberedInstants(schedule: Schedule): Float64Array {
  const instants = new Float64Array(INSTANTS);
  const recent: number[] = [];
  for (let index = 0; index < INSTANTS;) {
    const instant = randomInstant();
    const slot = schedule.nextAfter(instant) ?? NaN;
    if (recent.includes(slot)) continue;
    instants[index++] = instant;
    recent.unshift(slot);
    recent.length = 2;
  }
  return instants;
}
