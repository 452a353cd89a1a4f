import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { reporting, type Violation } from '../../simulation/checkers/violation.js';
import type { KcatMessage } from '../../servers/kcat.js';

/**
 * The promise to another service that performs runs: it is given each run, and of the results that it reports of a run the
 * first one counts, unless the run has ended before by itself. Repeats, and what comes of a second performance, change
 * nothing.
 * @param taken the runs of the messages that it was given
 * @param acknowledged the ids of its results
 * @param results of the topic, by offset within each partition
 */
export function checkResults(
  events: readonly RecordedEvent[],
  reported: { taken: readonly string[]; acknowledged: readonly string[]; results: readonly KcatMessage[] },
): { repeated: number; timedOut: number; violations: Violation[] } {
  const { violations, report } = reporting('the first result of a run counts');
  const { taken, acknowledged, results } = reported;
  const ids = new Set(results.map(({ headers }) => headers.ce_id));
  for (const id of acknowledged)
    if (!ids.has(id)) report(`result ${id} was acknowledged, but is not in the topic`);

  const first = new Map<string, string>();
  for (const { key, headers } of results) if (!first.has(key)) first.set(key, headers.ce_id ?? '');
  const given = new Set(taken);
  let timedOut = 0;
  for (const { type, data, metadata } of events) {
    const run = String(data.run_id);
    if (type === 'RunStarted' && !given.has(run)) report(`${run} was never handed out`, String(data.cron_id));
    if (type !== 'RunCompleted') continue;
    const own = (data.error as { code?: string } | null)?.code;
    if (own === 'timed_out') timedOut++;
    else if (metadata.causation_id !== first.get(run))
      report(
        `${run} was completed by result ${metadata.causation_id}, its first one is ${first.get(run) ?? 'none'}`,
        String(data.cron_id),
      );
  }
  return { repeated: taken.length - given.size, timedOut, violations };
}
