import type { LedgerBody } from '../answers/schedule-answers.js';
import { toTimestamp, toWholeSeconds } from '../events/timestamp.js';
import type { LedgerEntry, SlotLedger } from '../ledger/slot-ledger.js';
import type { Period } from '../ledger/job-record.js';

/** @returns an instant in the format of all answers */
const seconds = (instant: number): string => toWholeSeconds(toTimestamp(instant));

export function ledgerBody(
  cron_id: string,
  { from, to }: { from: number; to: number },
  { entries, periods, nextFrom }: SlotLedger,
): LedgerBody {
  return {
    cron_id,
    from: seconds(from),
    to: seconds(to),
    data: entries.map(entryBody),
    periods: periods.map((period) => periodBody(period, from)),
    next_from: nextFrom === undefined ? null : seconds(nextFrom),
  };
}

function entryBody({ slot, outcome, decision, expected }: LedgerEntry) {
  return {
    slot: seconds(slot),
    outcome,
    reason: decision?.reason ?? null,
    run_id: decision?.run_id ?? null,
    late_by_ms: decision?.late_by_ms ?? null,
    decided_at: decision === null ? null : seconds(decision.decided_at),
    expected,
  };
}

function periodBody({ from, to, state, cron_expression, time_zone }: Period, rangeFrom: number) {
  return {
    after: from < rangeFrom ? null : seconds(from),
    until: to === undefined ? null : seconds(to),
    state,
    cron_expression,
    time_zone,
  };
}
