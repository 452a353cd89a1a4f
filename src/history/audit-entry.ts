import type { JobConfig } from '../events/job-config.js';
import { UnreadableEventError } from '../events/parse-event.js';
import { cronIdOf } from '../events/stream-names.js';
import type { RecordedEvent } from '../ports/event-log.js';
import { entryOfUnknown, historyEntry, needsConfigBefore, type HistoryEntry } from './history-entry.js';
import type { JobHistory } from './job-history.js';

/** An entry, whatever is in the log: one that cannot be read must not hide the others. */
export interface AuditEntry extends HistoryEntry {
  /** Why the event, or what was what before, cannot be read; then `data` is as it stands in the log. */
  unreadable: string | null;
}

/**
 * The entry of an event in the stream of a job. Pure.
 * @param before see `historyEntry`
 */
export function auditEntry(recorded: RecordedEvent, before: JobConfig | null | undefined): AuditEntry {
  try {
    const entry = historyEntry(recorded, before);
    const isUnknown = before === null && needsConfigBefore(recorded);
    return withReason(
      entry,
      isUnknown ? 'what it changed cannot be told: an event before it is unreadable' : null,
    );
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    return withReason(entryOfUnknown(recorded), error.message);
  }
}

/**
 * The configuration before an update; null where an event before it cannot be read.
 * @throws StoreError
 */
export async function configBefore(
  { configAt }: Pick<JobHistory, 'configAt'>,
  { stream, version }: RecordedEvent,
): Promise<JobConfig | null> {
  try {
    return (await configAt(cronIdOf(stream), version - 1)) ?? null;
  } catch (error) {
    if (error instanceof UnreadableEventError) return null;
    throw error;
  }
}

function withReason(entry: HistoryEntry, unreadable: string | null): AuditEntry {
  return Object.assign(entry, { unreadable });
}
