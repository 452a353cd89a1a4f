import { UnreadableEventError } from '../events/parse-event.js';
import { jobStream } from '../events/stream-names.js';
import { fromTimestamp } from '../events/timestamp.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, RecordedEvent } from '../ports/event-log.js';
import { happenedAt } from '../projections/audit.js';
import { inSlices } from '../waiting/turn-with-time.js';
import type { AuditEntry } from './audit-entry.js';
import type { AuditPage, AuditQuery } from './audit-query.js';
import type { JobHistory } from './job-history.js';

export interface StreamAuditDependencies {
  log: Pick<EventLog, 'readStream'>;
  history: Pick<JobHistory, 'versionAt'>;
  clock: Clock;
  entryOfEvent: (recorded: RecordedEvent) => Promise<AuditEntry>;
}

/** A page looks at so many events at most, and may end with fewer that fit, or none. */
const MOST_LOOKED_AT = 1_000;
const AT_ONCE = 100;

/**
 * Events of one job from its stream, newest first. Within a stream times go back only where a watermark was reset: what a
 * clock that ran ahead had dated later ends the range of times, too.
 * @throws StoreError
 */
export async function auditInStream(
  { log, history, clock, entryOfEvent }: StreamAuditDependencies,
  { cronId = '', actor, types, from = -Infinity, to, after, limit }: AuditQuery,
  signal: AbortSignal,
): Promise<AuditPage> {
  const nextSlice = inSlices(clock);
  const found: AuditEntry[] = [];
  const page = (next?: number): AuditPage => ({
    entries: found,
    places: found.map(({ version }) => ({ version })),
    next: next === undefined ? undefined : { version: next },
    isBehind: false,
  });
  let behind = after !== undefined && 'version' in after ? after.version : await firstBehind();
  for (let looked = 0; looked < MOST_LOOKED_AT;) {
    signal.throwIfAborted();
    const events = await read();
    for (const recorded of events) {
      await nextSlice();
      if (found.length === limit) return page(behind);
      const at = fromTimestamp(happenedAt(recorded));
      if (at < from) return page();
      const isAsked = types?.includes(recorded.type) ?? true;
      if (isAsked && recorded.metadata.actor === (actor ?? recorded.metadata.actor) && at < (to ?? Infinity))
        found.push(await entryOfEvent(recorded));
      behind = recorded.version;
    }
    looked += events.length;
    if (events.length < AT_ONCE) return page();
  }
  return page(behind);

  /** The version that the newest event in question is before; the end of the stream where that cannot be told. */
  async function firstBehind(): Promise<number> {
    if (to === undefined) return Infinity;
    try {
      return (await history.versionAt(cronId, to - 1, signal)) + 1;
    } catch (error) {
      if (error instanceof UnreadableEventError) return Infinity;
      throw error;
    }
  }

  async function read(): Promise<RecordedEvent[]> {
    if (behind <= 1) return [];
    return log.readStream(jobStream(cronId), {
      direction: 'backwards',
      limit: AT_ONCE,
      ...(behind !== Infinity && { from: behind - 1 }),
    });
  }
}
