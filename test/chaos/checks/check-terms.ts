import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { reporting, type Violation } from '../../simulation/checkers/violation.js';

/**
 * The promises about leaders: the terms of a job's decisions never fall, each scheduled one has a term, and a term has
 * one holder. Nothing keeps a leader that stood still between a decision and its append from appending to a job that the
 * next leader has not touched: that is counted.
 * @param events of jobs and, as far as they were seen, of the lease
 */
export function checkTerms(events: readonly RecordedEvent[]): {
  terms: number;
  /** Decisions of a leader that came into the log after the next one had taken over. */
  stale: number;
  violations: Violation[];
} {
  const { violations, report } = reporting('terms never fall, and have one holder');
  const newest = new Map<string, number>();
  const holders = new Map<number, string>();
  let [current, stale] = [0, 0];
  for (const { stream, type, data, metadata, version, recorded_at } of events) {
    if (type === 'LeaseTaken' || type === 'LeaseRenewed') {
      const term = Number(data.term);
      const holder = holders.get(term) ?? String(data.holder);
      if (holder !== data.holder) report(`term ${term} has two holders: ${holder}, ${String(data.holder)}`);
      holders.set(term, holder);
      current = Math.max(current, term);
    }
    if (!stream.startsWith('cronJob-')) continue;
    const cronId = stream.slice('cronJob-'.length);
    const { term, actor } = metadata as { term?: number; actor: string };
    if (term === undefined) {
      if (actor === 'scheduler') report(`${type} at version ${version} has no term`, cronId, recorded_at);
      continue;
    }
    if (term < current) stale++;
    const before = newest.get(cronId) ?? 0;
    if (term < before) report(`${type} of term ${term} comes after term ${before}`, cronId, recorded_at);
    newest.set(cronId, Math.max(before, term));
  }
  return { terms: holders.size, stale, violations };
}
