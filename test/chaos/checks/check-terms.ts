import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { checkDecidedTerms } from '../../simulation/checkers/check-decided-terms.js';
import { reporting, type Violation } from '../../simulation/checkers/violation.js';

/**
 * The promises about leaders that are visible from outside. A leader paused between a decision and its append may still
 * append to a job that the next leader has not touched: that is only counted.
 * @param events of jobs and, as far as they were seen, of the lease
 */
export function checkTerms(events: readonly RecordedEvent[]): {
  terms: number;
  /** Decisions of a leader that came into the log after the next one had taken over. */
  stale: number;
  violations: Violation[];
} {
  const { violations, report } = reporting('a term has one holder');
  const holders = new Map<number, string>();
  let [current, stale] = [0, 0];
  for (const { type, data, metadata } of events) {
    if (type === 'LeaseTaken' || type === 'LeaseRenewed') {
      const term = Number(data.term);
      const holder = holders.get(term) ?? String(data.holder);
      if (holder !== data.holder) report(`term ${term} has two holders: ${holder}, ${String(data.holder)}`);
      holders.set(term, holder);
      current = Math.max(current, term);
    } else if (metadata.term !== undefined && metadata.term < current) stale++;
  }
  return { terms: holders.size, stale, violations: [...violations, ...checkDecidedTerms(events)] };
}
