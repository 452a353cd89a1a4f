import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { reporting, type Violation } from '../../simulation/checkers/violation.js';
import type { KcatMessage } from '../../servers/kcat.js';

/**
 * The promise to consumers: the topic is the log. Nothing is missing, nothing is made up, first occurrences are in log
 * order per key, and repeats equal the first occurrence.
 * @param events what belongs into the topic
 */
export function checkTopic(
  topic: string,
  events: readonly RecordedEvent[],
  messages: readonly KcatMessage[],
): { repeated: number; violations: Violation[] } {
  const { violations, report } = reporting(`the topic ${topic} is the log`);
  const expected = new Map(events.map((event, index) => [event.id, { event, index }]));
  const first = new Map<string, KcatMessage>();
  const newest = new Map<string, number>();
  let repeated = 0;
  for (const message of messages) {
    const { key, partition, offset, headers, payload } = message;
    const id = headers.ce_id ?? '';
    const where = `${id} at ${partition}/${offset}`;
    const before = first.get(id);
    if (before !== undefined) {
      repeated++;
      if (before.key !== key || before.partition !== partition || before.payload !== payload)
        report(`${where} differs from its first occurrence`);
      continue;
    }
    first.set(id, message);
    const found = expected.get(id);
    if (found === undefined) {
      report(`${where} is not in the log`);
      continue;
    }
    // An event that is too large for its topic is there with less of it, and says so.
    if (headers.ce_truncated !== 'true' && payload !== JSON.stringify(found.event.data))
      report(`${where} is not what the log says`);
    const last = newest.get(key) ?? -1;
    if (found.index < last) report(`${where} comes after a later event of ${key}`);
    newest.set(key, Math.max(last, found.index));
  }
  for (const { id, stream, version, type } of events)
    if (!first.has(id)) report(`${type} ${id}, version ${version} of ${stream}, is missing`);
  return { repeated, violations };
}
