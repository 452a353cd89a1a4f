/**
 * What to do with the slots that are owed: pure rules over (watermark, now], the policies and the open runs.
 * All instants are epoch milliseconds.
 */
export interface Policies {
  graceMs: number;
  windowMs: number;
  catchUp: 'latest' | 'all' | 'skip';
  overlap: 'forbid' | 'allow';
}

/** A run that is open from `from` (inclusive) until `until` (exclusive: its deadline). */
export interface Busy {
  from: number;
  until: number;
}

export type Settlement =
  | { kind: 'start'; slot: number }
  | {
      kind: 'skip';
      from: number;
      to: number;
      count: number;
      reason: 'overlap' | 'superseded' | 'missed_window' | 'catch_up_skip';
    };

/** One decision looks at this many slots; the rest of a long outage follows in the next decisions, in order. */
export const SLOTS_PER_DECISION = 10_000;

/** Slots in (after, until], oldest first, at most `SLOTS_PER_DECISION`. */
export interface Owed {
  slots: number[];
  /** There are more, all of them later. */
  more: boolean;
}

export function slotsBetween(
  nextAfter: (instant: number) => number | undefined,
  after: number,
  until: number,
): Owed {
  const slots: number[] = [];
  let slot = nextAfter(after);
  while (slot !== undefined && slot <= until) {
    if (slots.length === SLOTS_PER_DECISION) return { slots, more: true };
    if (slot <= (slots.at(-1) ?? after)) throw new Error('the next slot is not after the one before it');
    slots.push(slot);
    slot = nextAfter(slot);
  }
  return { slots, more: false };
}

/**
 * The slots at the head of the queue that came due while a run was open. It is judged for the head only: a slot that
 * came due before the run began is owed and waits for the run to end, and so do those behind it.
 */
export function overlapped(owed: Owed, busy: readonly Busy[]): Settlement[] {
  const end = owed.slots.findIndex((slot) => !busy.some((run) => run.from <= slot && slot < run.until));
  return skip(end === -1 ? owed.slots : owed.slots.slice(0, end), 'overlap');
}

/**
 * What happens now to slots that are owed, oldest first, when none of them overlaps. Slots that are not mentioned in
 * the answer stay owed: they wait for a run that is open now or is started here.
 * @param running a real run is open now
 */
export function settle(
  owed: Owed,
  options: { now: number; policies: Policies; running: boolean },
): Settlement[] {
  const { now, policies, running } = options;
  const { graceMs, catchUp, overlap } = policies;
  if (running && overlap === 'forbid') return [];
  const windowMs = Math.max(policies.windowMs, graceMs);
  const missed = owed.slots.filter((slot) => now - slot > windowMs);
  const late = owed.slots.filter((slot) => now - slot <= windowMs && now - slot > graceMs);
  const onTime = owed.slots.filter((slot) => now - slot <= graceMs);

  const settlements = skip(missed, 'missed_window');
  if (late.length > 0) {
    switch (catchUp) {
      case 'skip':
        settlements.push(...skip(late, 'catch_up_skip'));
        break;
      case 'all':
        // One after the other: the next one when this one has ended.
        return running ? settlements : [...settlements, start(late[0])];
      case 'latest': {
        const newest = onTime.length === 0 && !owed.more ? late.pop() : undefined;
        settlements.push(...skip(late, 'superseded'));
        if (newest !== undefined) return [...settlements, start(newest)];
        break;
      }
    }
  }
  const starting = overlap === 'forbid' ? onTime.slice(0, 1) : onTime;
  return [...settlements, ...starting.map(start)];
}

function start(slot: number | undefined): Settlement {
  if (slot === undefined) throw new Error('no slot to start');
  return { kind: 'start', slot };
}

function skip(
  slots: readonly number[],
  reason: Extract<Settlement, { kind: 'skip' }>['reason'],
): Settlement[] {
  const from = slots[0];
  const to = slots.at(-1);
  return from === undefined || to === undefined
    ? []
    : [{ kind: 'skip', from, to, count: slots.length, reason }];
}
