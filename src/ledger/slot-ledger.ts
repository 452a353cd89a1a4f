import type { JobEvent } from '../events/parse-event.js';
import { expectedSlots } from './expected-slots.js';
import { mustAgree, type SlotVersions } from '../schedule/slot-versions.js';
import { outcomeOf, recordAfter, type JobRecord, type Period, type SlotOutcome } from './job-record.js';

/** One slot and what became of it. Instants are epoch milliseconds. */
export interface LedgerEntry {
  slot: number;
  /**
   * started, skipped: decided. waiting: it has come and is owed. upcoming: it has not come yet. missing: it was owed,
   * and what came after it is settled; this never happens in a sound log. It is reported only where the decision was
   * made with today's versions: else the slot may not have existed.
   */
  outcome: 'started' | 'skipped' | 'waiting' | 'upcoming' | 'missing';
  decision: SlotOutcome | null;
  /** The schedule has this slot, as it is computed today. */
  expected: boolean;
}

export interface SlotLedger {
  entries: LedgerEntry[];
  /**
   * The periods in force, oldest first: in the range, or up to `nextFrom` when there is more. `to` is undefined beyond
   * the range.
   */
  periods: Period[];
  /** Where to go on when there is more in the range. */
  nextFrom: number | undefined;
}

export interface LedgerRange {
  /** Inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
  limit: number;
  now: number;
  /** What slots are recomputed with. */
  today: SlotVersions;
}

/**
 * Collects the slots of one job in a range beside their outcomes, from the events of its stream, oldest first.
 * @param start the record before the first event given; undefined when that is the stream's first
 */
export function createSlotLedger({ from, to, limit, now, today }: LedgerRange, start?: JobRecord) {
  const entries: LedgerEntry[] = [];
  const periods: Period[] = [];
  let record = start;

  const isFull = (): boolean => entries.length > limit;

  function add(entry: LedgerEntry): void {
    if (entry.slot >= from && entry.slot < to && !isFull()) entries.push(entry);
  }

  function addDecision(period: Period, decision: SlotOutcome, comparable: boolean): void {
    const { after, to: last, kind } = decision;
    const expected = new Set<number>();
    for (const slot of expectedSlots(period, Math.max(after, from - 1), Math.min(last, to))) {
      expected.add(slot);
      // One decision may be about millions of slots.
      if (entries.length + expected.size > limit) break;
    }
    const settled = kind === 'started' ? new Set([last]) : new Set([...expected, decision.from, last]);
    const all = comparable ? new Set([...expected, ...settled]) : settled;
    for (const slot of [...all].sort((a, b) => a - b)) {
      const decided = settled.has(slot);
      add({
        slot,
        outcome: decided ? kind : 'missing',
        decision: decided ? decision : null,
        expected: expected.has(slot),
      });
    }
  }

  /** Slots after the watermark: nothing is decided about them. */
  function addOpen({ period, watermark }: JobRecord, until: number): void {
    for (const slot of expectedSlots(period, Math.max(watermark, from - 1), Math.min(until, to - 1))) {
      const outcome = until !== Infinity ? 'missing' : slot <= now ? 'waiting' : 'upcoming';
      add({ slot, outcome, decision: null, expected: true });
      if (isFull()) return;
    }
  }

  /** What was decided about slots after the watermark was decided before they came, and so were changes. */
  function owedAgain({ period, watermark }: JobRecord): void {
    const first = entries.findIndex(({ slot }) => slot > watermark);
    if (first >= 0) entries.length = first;
    while ((periods.at(-1)?.from ?? -Infinity) >= period.from) periods.pop();
    const last = periods.pop();
    if (last !== undefined) periods.push({ ...last, to: period.from });
  }

  return {
    /** @returns whether later events can add nothing more */
    take(event: JobEvent, versions: SlotVersions): boolean {
      const before = record;
      record = recordAfter(record, event);
      if (record === undefined || before === undefined || before === record) return false;
      if (event.type === 'WatermarkReset') {
        owedAgain(record);
        return false;
      }
      const decision = outcomeOf(event);
      const comparable = mustAgree(versions, today, before.period.time_zone);
      if (decision !== undefined) {
        if (comparable) addOpen(before, decision.after);
        addDecision(before.period, decision, comparable);
      }
      if (before.period !== record.period) {
        if (comparable && event.type !== 'ScheduleFailed') addOpen(before, record.period.from);
        periods.push({ ...before.period, to: record.period.from });
      }
      return isFull() || record.watermark >= to || record.period.from >= to;
    },
    ledger(): SlotLedger {
      if (record !== undefined) {
        periods.push(record.period);
        if (!isFull()) addOpen(record, Infinity);
      }
      return {
        entries: entries.slice(0, limit),
        periods: periods
          .filter((period) => period.from < to && (period.to ?? Infinity) >= from)
          .map((period) => ((period.to ?? 0) < to ? period : { ...period, to: undefined })),
        nextFrom: entries[limit]?.slot,
      };
    },
  };
}
