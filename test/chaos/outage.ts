/** The log was away, or an instance stood still: an append may fail through nobody's fault. In epoch milliseconds. */
export interface Outage {
  from: number;
  until: number;
}

/** An append must be answered within this time; whoever stands still for longer does not see the answer in time. */
export const APPEND_WITHIN_MS = 5_000;

/** @param at when it failed: one that was under way may do so only after the outage */
export function mayFail(at: number, outages: readonly Outage[]): boolean {
  return outages.some(({ from, until }) => at >= from && at <= until + APPEND_WITHIN_MS);
}
