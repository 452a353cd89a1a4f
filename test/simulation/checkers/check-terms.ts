import type { RecordedEvent } from '../../../src/ports/event-log.js';
import type { History } from '../history.js';
import { checkDecidedTerms } from './check-decided-terms.js';
import { reporting, type Violation } from './violation.js';

/**
 * The promises about leaders: a term has one holder; a leader has stopped deciding before the next term begins, also
 * after a pause; and each decision of a scheduler names its term, which never falls within a job.
 */
export function checkTerms(
  events: readonly RecordedEvent[],
  { terms, decisions }: Pick<History, 'terms' | 'decisions'>,
): Violation[] {
  const { violations, report } = reporting('one leads at a time');
  const readable = (at: number): string => new Date(at).toISOString();
  const beginnings = new Map<number, { holder: string; at: number }>();
  for (const { term, holder, at } of terms) {
    const before = beginnings.get(term);
    if (before !== undefined) report(`term ${term} was taken by ${before.holder} and by ${holder}`);
    else beginnings.set(term, { holder, at });
  }
  for (const { term, instance, at } of decisions) {
    const [own, next] = [beginnings.get(term), beginnings.get(term + 1)];
    if (own?.holder !== instance)
      report(`${instance} decided in term ${term}, which is of ${own?.holder ?? 'nobody'}`);
    else if (at < own.at) report(`${instance} decided before its term ${term} had begun`);
    if (next !== undefined && at >= next.at)
      report(`${instance} decided in term ${term} at ${readable(at)}, after ${next.holder} had taken over`);
  }
  return [...violations, ...checkDecidedTerms(events)];
}
