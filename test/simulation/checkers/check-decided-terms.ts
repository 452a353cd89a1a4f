import { cronIdOf, JOB_STREAM_PREFIX } from '../../../src/events/stream-names.js';
import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { reporting, type Violation } from './violation.js';

/** Each decision of a scheduler names its term, and within a job these never fall. */
export function checkDecidedTerms(events: readonly RecordedEvent[]): Violation[] {
  const { violations, report } = reporting('terms never fall');
  const newest = new Map<string, number>();
  for (const { stream, type, version, metadata, recorded_at } of events) {
    if (!stream.startsWith(JOB_STREAM_PREFIX) || metadata.actor !== 'scheduler') continue;
    const { term } = metadata;
    const before = newest.get(stream) ?? 0;
    const what = `${type} at version ${version}`;
    if (term === undefined) report(`${what} has no term`, cronIdOf(stream), recorded_at);
    else if (term < before)
      report(`${what} is of term ${term}, after one of term ${before}`, cronIdOf(stream), recorded_at);
    else newest.set(stream, term);
  }
  return violations;
}
