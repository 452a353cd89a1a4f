import { toTimestamp } from '../events/timestamp.js';
import type { LedgerEntry, SlotLedger } from '../ledger/slot-ledger.js';
import type { Period } from '../ledger/job-record.js';

/** The ledger is for audits: its instants have milliseconds, as those of the events have. */
export function ledgerBody(
  cron_id: string,
  { from, to }: { from: number; to: number },
  { entries, periods, nextFrom }: SlotLedger,
) {
  return {
    cron_id,
    from: toTimestamp(from),
    to: toTimestamp(to),
    data: entries.map(entryBody),
    periods: periods.map((period) => periodBody(period, from)),
    next_from: nextFrom === undefined ? null : toTimestamp(nextFrom),
  };
}

function entryBody({ slot, outcome, decision, expected }: LedgerEntry) {
  return {
    slot: toTimestamp(slot),
    outcome,
    reason: decision?.reason ?? null,
    run_id: decision?.run_id ?? null,
    late_by_ms: decision?.late_by_ms ?? null,
    decided_at: decision === null ? null : toTimestamp(decision.decided_at),
    expected,
  };
}

function periodBody({ from, to, state, cron_expression, time_zone }: Period, rangeFrom: number) {
  return {
    after: from < rangeFrom ? null : toTimestamp(from),
    until: to === undefined ? null : toTimestamp(to),
    state,
    cron_expression,
    time_zone,
  };
}
