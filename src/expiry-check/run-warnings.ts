import type { RunWarning } from '../events/job-events.js';
import { fromTimestamp } from '../events/timestamp.js';
import type { Tally } from './tally.js';

const HOUR_MS = 3_600_000;

export interface WarningFacts {
  tally: Tally;
  /** Records of the last good run of the job; null before there was one. */
  recordsBefore: number | null;
  /** Of the registry. */
  last_changed_at: string | null;
  /** Epoch milliseconds. */
  now: number;
  /** Hours without a word from the owner of the registry; null: any number will do. */
  maxAgeHours: number | null;
}

/** What an operator should look at, though the run goes on: a guard must not withhold a right reminder. */
export function runWarnings({
  tally,
  recordsBefore,
  last_changed_at,
  now,
  maxAgeHours,
}: WarningFacts): RunWarning[] {
  const { records, unreadable } = tally;
  const warnings: RunWarning[] = [];
  if (records === 0) warnings.push({ code: 'registry_empty' });
  if (recordsBefore !== null && records * 2 < recordsBefore)
    warnings.push({ code: 'registry_shrank', records, before: recordsBefore });
  if (maxAgeHours !== null && last_changed_at !== null) {
    const age = now - fromTimestamp(last_changed_at);
    if (age > maxAgeHours * HOUR_MS)
      warnings.push({ code: 'registry_stale', hours: Math.floor(age / HOUR_MS), limit: maxAgeHours });
  }
  if (unreadable * 100 > records) warnings.push({ code: 'records_unreadable', unreadable, records });
  return warnings;
}
