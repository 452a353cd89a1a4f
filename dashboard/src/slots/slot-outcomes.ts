import type { components } from '../api/openapi.js';

export type Slot = components['schemas']['LedgerEntry'];

/** What became of a slot, told apart further than the ledger does: whether a run began on time. */
export type Outcome = 'on_time' | 'late' | 'skipped' | 'missing' | 'waiting' | 'upcoming';

/** In the order of their weight. */
export const OUTCOMES: readonly {
  outcome: Outcome;
  words: string;
  tone: 'good' | 'bad' | 'busy' | 'odd' | 'quiet';
}[] = [
  { outcome: 'missing', words: 'missing', tone: 'bad' },
  { outcome: 'on_time', words: 'started on time', tone: 'good' },
  { outcome: 'late', words: 'started late', tone: 'odd' },
  { outcome: 'skipped', words: 'skipped', tone: 'odd' },
  { outcome: 'waiting', words: 'waiting', tone: 'busy' },
  { outcome: 'upcoming', words: 'upcoming', tone: 'quiet' },
];

/** @param graceMs lateness up to this is on time: `misfire_grace_seconds` of the job */
export function outcomeOf({ outcome, late_by_ms }: Slot, graceMs: number): Outcome {
  if (outcome !== 'started') return outcome;
  return late_by_ms !== null && late_by_ms > graceMs ? 'late' : 'on_time';
}

export function countOutcomes(slots: readonly Slot[], graceMs: number): ReadonlyMap<Outcome, number> {
  const counts = new Map<Outcome, number>();
  for (const slot of slots) {
    const outcome = outcomeOf(slot, graceMs);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return counts;
}
