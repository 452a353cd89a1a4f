import type { JobConfig } from '../events/job-config.js';
import { jobStream } from '../events/stream-names.js';
import { configAfter } from '../job/changed-config.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, RecordedEvent } from '../ports/event-log.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { auditEntry, configBefore, type AuditEntry } from './audit-entry.js';
import { needsConfigBefore } from './history-entry.js';
import type { JobHistory } from './job-history.js';

export interface JobAuditDependencies {
  log: Pick<EventLog, 'readStream'>;
  history: Pick<JobHistory, 'configAt'>;
  clock: Clock;
}

export interface JobAuditQuery {
  order: 'asc' | 'desc';
  /** Goes on behind this version; undefined from the beginning of the order. */
  after: number | undefined;
  limit: number;
}

/**
 * A page of a job's events, and whether others follow; empty also where there has never been such a job. It costs one
 * read of the stream, and one question for the configuration before its oldest update, wherever the page is.
 * @throws StoreError
 */
export async function auditOfJob(
  { log, history, clock }: JobAuditDependencies,
  cronId: string,
  { order, after, limit }: JobAuditQuery,
): Promise<{ entries: AuditEntry[]; more: boolean }> {
  const direction = order === 'asc' ? 'forwards' : 'backwards';
  const from = after === undefined ? undefined : order === 'asc' ? after + 1 : after - 1;
  if (from === 0) return { entries: [], more: false };
  const found = await log.readStream(jobStream(cronId), {
    direction,
    limit: limit + 1,
    ...(from !== undefined && { from }),
  });
  const events = found.slice(0, limit);
  const more = found.length > limit;
  if (order === 'asc') return { entries: await entriesOf(events), more };
  return { entries: (await entriesOf(events.reverse())).reverse(), more };

  /** @param events one behind the other, the oldest first */
  async function entriesOf(events: readonly RecordedEvent[]): Promise<AuditEntry[]> {
    const nextSlice = inSlices(clock);
    const entries: AuditEntry[] = [];
    /** Undefined until somebody asks; null while it cannot be told. */
    let config: JobConfig | null | undefined;
    for (const recorded of events) {
      await nextSlice();
      if (config === undefined && needsConfigBefore(recorded)) config = await configBefore(history, recorded);
      const entry = auditEntry(recorded, config);
      entries.push(entry);
      config = configAfterEntry(config, entry);
    }
    return entries;
  }
}

/** What an entry shows of the changes is all that there is of them, whatever the type of the event. */
function configAfterEntry(
  before: JobConfig | null | undefined,
  { changes, unreadable }: AuditEntry,
): JobConfig | null | undefined {
  if (unreadable !== null) return null;
  if (changes === null) return before;
  const given = Object.fromEntries(changes.map(({ field, to }) => [field, to])) as unknown as JobConfig;
  // Where there was none before, all fields have come.
  return before ? configAfter(before, given) : given;
}
