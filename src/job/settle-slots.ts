import { slotsBetween, type SlotRange } from '../schedule/slots-between.js';
import type { Schedule } from '../schedule/slots.js';

/**
 * What to do with the slots that are owed: pure rules over (watermark, now], the policies and the open runs.
 * All instants are epoch milliseconds. Only slots that are started are looked at one by one: of the others first, last
 * and number are enough, however many there are.
 */
export interface Policies {
  graceMs: number;
  windowMs: number;
  catchUp: 'latest' | 'all' | 'skip';
}

/** A run that is open from `from` (inclusive) until `until` (exclusive: its deadline). */
export interface Busy {
  from: number;
  until: number;
}

export type Settlement =
  | { kind: 'start'; slot: number }
  | ({
      kind: 'skip';
      reason: 'overlap' | 'superseded' | 'missed_window' | 'catch_up_skip';
    } & SlotRange);

/** The slots of a schedule in (after, until]. */
export interface Owed {
  schedule: Schedule;
  after: number;
  until: number;
}

/**
 * The slots at the head of the queue that came due while a run was open. It is judged for the head only: a slot that
 * came due before the run began is owed and waits for the run to end, and so do those behind it.
 */
export function overlapped({ schedule, after, until }: Owed, busy: readonly Busy[]): Settlement[] {
  let covered = after;
  for (;;) {
    const slot = schedule.nextAfter(covered);
    if (slot === undefined || slot > until) break;
    const free = freeAfter(slot, busy);
    if (free === undefined) break;
    covered = Math.min(free - 1, until);
  }
  return skip(slotsBetween(schedule, after, covered), 'overlap');
}

/** When the last of the runs that are open at an instant ends; undefined when none is. */
function freeAfter(instant: number, busy: readonly Busy[]): number | undefined {
  let free: number | undefined;
  for (const { from, until } of busy)
    if (from <= instant && instant < until) free = Math.max(free ?? until, until);
  return free;
}

/**
 * What happens now to slots that are owed, oldest first, when none of them overlaps. Slots that are not mentioned in
 * the answer stay owed: they wait for a run that is open now or is started here.
 * @param options.running a real run is open now
 * @param options.room how many runs may be started
 */
export function settle(
  { schedule, after, until }: Owed,
  options: { now: number; policies: Policies; running: boolean; room: number },
): Settlement[] {
  const { now, policies, running, room } = options;
  const { graceMs, catchUp } = policies;
  if (room <= 0) return [];
  const windowMs = Math.max(policies.windowMs, graceMs);
  const missed = slotsBetween(schedule, after, Math.min(until, now - windowMs - 1));
  const lateAfter = missed?.to ?? after;
  const late = slotsBetween(schedule, lateAfter, Math.min(until, now - graceMs - 1));
  const onTime = firstSlots({ schedule, after: late?.to ?? lateAfter, until }, room);

  const settlements = skip(missed, 'missed_window');
  if (late !== undefined) {
    switch (catchUp) {
      case 'skip':
        settlements.push(...skip(late, 'catch_up_skip'));
        break;
      case 'all':
        // One after the other: the next one when this one has ended.
        return running ? settlements : [...settlements, start(late.from)];
      case 'latest':
        if (onTime.length === 0) {
          const older = slotsBetween(schedule, lateAfter, late.to - 1);
          return [...settlements, ...skip(older, 'superseded'), start(late.to)];
        }
        settlements.push(...skip(late, 'superseded'));
        break;
    }
  }
  return [...settlements, ...onTime.map(start)];
}

function firstSlots({ schedule, after, until }: Owed, most: number): number[] {
  const slots: number[] = [];
  let slot = schedule.nextAfter(after);
  while (slot !== undefined && slot <= until && slots.length < most) {
    slots.push(slot);
    slot = schedule.nextAfter(slot);
  }
  return slots;
}

function start(slot: number): Settlement {
  return { kind: 'start', slot };
}

function skip(
  range: SlotRange | undefined,
  reason: Extract<Settlement, { kind: 'skip' }>['reason'],
): Settlement[] {
  return range === undefined ? [] : [{ kind: 'skip', reason, ...range }];
}
