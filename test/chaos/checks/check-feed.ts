import { reporting, type Violation } from '../../simulation/checkers/violation.js';
import type { StoredCertification } from '../../../src/ports/certification-registry.js';
import type { KcatMessage } from '../../servers/kcat.js';
import type { OwnedRecord } from '../brokers/certification-owner.js';

/**
 * The promise to who owns the certifications: what was acknowledged is in the topic, and of each record the registry has
 * what the topic says last.
 * @param messages of the topic, by offset within each partition
 */
export function checkFeed(
  acknowledged: readonly OwnedRecord[],
  messages: readonly KcatMessage[],
  registry: readonly StoredCertification[],
): Violation[] {
  const { violations, report } = reporting('the registry has what the topic of certifications says last');
  const written = new Set(messages.map(({ key, payload }) => stateOf({ key, value: payload })));
  for (const record of acknowledged)
    if (!written.has(stateOf(record))) report(`${stateOf(record)} was acknowledged, but is not in the topic`);

  const last = new Map(messages.map(({ key, payload }) => [key, payload]));
  const stored = new Map(registry.map((record) => [String(record.certification_id), record]));
  for (const [key, payload] of last) {
    const found = stored.get(key);
    stored.delete(key);
    const expected = labelsIn(payload);
    const labels = found && JSON.stringify(found.labels);
    if (labels !== expected)
      report(`${key} has ${labels ?? 'no record'}, where the topic says ${expected ?? 'no record'}`);
  }
  for (const key of stored.keys()) report(`${key} is in the registry, but was never in the topic`);
  return violations;
}

const stateOf = ({ key, value }: OwnedRecord): string => `${key} ${labelsIn(value) ?? 'removed'}`;

/** They tell the states of a record apart. */
function labelsIn(value: string | null): string | undefined {
  return value === null ? undefined : JSON.stringify((JSON.parse(value) as { labels: string[] }).labels);
}
