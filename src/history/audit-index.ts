import { jobStream } from '../events/stream-names.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, Position, RecordedEvent } from '../ports/event-log.js';
import type { AuditDocument } from '../ports/read-models.js';
import type { ReadStore, Row } from '../ports/read-store.js';
import { auditKey, LAST_AUDIT_KEY } from '../projections/audit.js';
import { abortWith } from '../waiting/abort-with.js';
import { inTime } from '../waiting/in-time.js';
import { NO_REASON } from '../waiting/no-reason.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { auditEntry, configBefore, type AuditEntry } from './audit-entry.js';
import { auditInStream } from './audit-in-stream.js';
import { isOfStream, type AuditPage, type AuditQuery } from './audit-query.js';
import { needsConfigBefore } from './history-entry.js';
import type { JobHistory } from './job-history.js';

export interface AuditIndexDependencies {
  log: Pick<EventLog, 'head' | 'readStream'>;
  store: Pick<ReadStore, 'listEvents'>;
  clock: Clock;
  history: Pick<JobHistory, 'configAt' | 'versionAt' | 'orderedFrom'>;
  /** The projector of the index. */
  projected: { whenProjected: (position: Position, signal: AbortSignal) => Promise<void> };
  /** Whether the index is being made anew, or was while it was read. */
  lag: {
    reading: <T>(read: () => Promise<T>) => Promise<{ found: T; isOfOneState: boolean; isLong: boolean }>;
  };
}

/** What is asked across jobs: the index says which events, the log what they are. */
export interface AuditIndex {
  /**
   * The newest events that fit, newest first.
   * @returns undefined while the index is made anew and would tell a part for the whole @throws StoreError
   */
  page(query: AuditQuery, signal: AbortSignal): Promise<AuditPage | undefined>;
}

/** A client that asks right behind its own write waits so long for the index to have it. */
const WAIT_MS = 500;
/** Reads of the log under way for one page. */
const AT_ONCE = 10;

export function createAuditIndex(dependencies: AuditIndexDependencies): AuditIndex {
  const { log, store, clock, history, projected, lag } = dependencies;

  async function reachesHead(signal: AbortSignal): Promise<boolean> {
    const waiting = abortWith(signal);
    try {
      const reached = projected.whenProjected(await log.head(), waiting.signal).then(() => true);
      return (await inTime(clock, WAIT_MS, reached)) ?? false;
    } finally {
      waiting.abort(NO_REASON);
    }
  }

  /** Undefined where the row is not of this log. */
  async function entryOf({ key, version, document }: Row<AuditDocument>): Promise<AuditEntry | undefined> {
    const reading = { direction: 'forwards', from: version, limit: 1 } as const;
    const [recorded] = await log.readStream(jobStream(document.cron_id), reading);
    if (recorded?.version !== version || !key.endsWith(recorded.position)) return undefined;
    return entryOfEvent(recorded);
  }

  async function entryOfEvent(recorded: RecordedEvent): Promise<AuditEntry> {
    return auditEntry(
      recorded,
      needsConfigBefore(recorded) ? await configBefore(history, recorded) : undefined,
    );
  }

  async function entriesOf(rows: readonly Row<AuditDocument>[]): Promise<AuditEntry[] | undefined> {
    const nextSlice = inSlices(clock);
    const entries: AuditEntry[] = [];
    for (let at = 0; at < rows.length; at += AT_ONCE) {
      await nextSlice();
      const some = await Promise.all(rows.slice(at, at + AT_ONCE).map(entryOf));
      const found = some.filter((entry) => entry !== undefined);
      if (found.length < some.length) return undefined;
      entries.push(...found);
    }
    return entries;
  }

  async function fromIndex(query: AuditQuery, signal: AbortSignal): Promise<AuditPage | undefined> {
    const { cronId, actor, types, from, to, after, limit } = query;
    const isUp = await reachesHead(signal);
    signal.throwIfAborted();
    const end = to === undefined ? LAST_AUDIT_KEY : auditKey(to, '');
    const place = after !== undefined && 'key' in after ? after.key : end;
    const asked = {
      cronId,
      actor,
      types,
      from: from === undefined ? '' : auditKey(from, ''),
      before: place < end ? place : end,
      limit: limit + 1,
    };
    const { found: rows, isOfOneState, isLong } = await lag.reading(() => store.listEvents(asked));
    if (!isOfOneState || (!isUp && isLong)) return undefined;
    const shown = rows.slice(0, limit);
    const entries = await entriesOf(shown);
    if (entries === undefined) return undefined;
    const places = shown.map(({ key }) => ({ key }));
    return { entries, places, next: rows.length > limit ? places.at(-1) : undefined, isBehind: !isUp };
  }

  return {
    page: (query, signal) =>
      isOfStream(query)
        ? auditInStream({ log, history, clock, entryOfEvent }, query, signal)
        : fromIndex(query, signal),
  };
}
