import { toldTimeOf } from '../events/parse-event.js';
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
  history: Pick<JobHistory, 'versionAt' | 'orderedFrom'>;
  clock: Clock;
  entryOfEvent: (recorded: RecordedEvent) => Promise<AuditEntry>;
}

/** A page looks at so many events at most, and may end with fewer that fit, or none. */
const MOST_LOOKED_AT = 1_000;
const AT_ONCE = 100;

/**
 * Events of one job from its stream, newest first. Times go back where a watermark was reset: an event before `from` ends
 * the part of the stream that it is in, and the walk goes on before that part.
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
  for (let looked = 0; looked < MOST_LOOKED_AT; looked += AT_ONCE) {
    signal.throwIfAborted();
    const events = await read();
    let part: number | undefined;
    for (const recorded of events) {
      await nextSlice();
      if (found.length === limit) return page(behind);
      const at = fromTimestamp(happenedAt(recorded));
      if (at < from && tellsTime(recorded)) {
        part = await history.orderedFrom(cronId, recorded.version, signal);
        break;
      }
      const isAsked =
        isOne(types, recorded.type) &&
        isOne(actor === undefined ? undefined : [actor], recorded.metadata.actor);
      if (isAsked && at >= from && at < (to ?? Infinity)) found.push(await entryOfEvent(recorded));
      behind = recorded.version;
    }
    if (part !== undefined) behind = part;
    else if (events.length < AT_ONCE) return page();
    if (behind <= 1) return page();
  }
  return page(behind);

  /** The version that the newest event in question is before: it may be one that tells no time. */
  async function firstBehind(): Promise<number> {
    if (to === undefined) return Infinity;
    for (let first = (await history.versionAt(cronId, to - 1, signal)) + 1; ; first += AT_ONCE) {
      signal.throwIfAborted();
      const reading = { direction: 'forwards', from: first, limit: AT_ONCE } as const;
      const events = await log.readStream(jobStream(cronId), reading);
      const next = events.find(tellsTime);
      if (next !== undefined) return next.version;
      if (events.length < AT_ONCE) return Infinity;
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

/** Whether it has a time of its own, in the order of the others: not one that cannot be read, or of an unknown type. */
function tellsTime(recorded: RecordedEvent): boolean {
  return toldTimeOf(recorded) === happenedAt(recorded);
}

function isOne(asked: readonly string[] | undefined, one: string): boolean {
  return asked?.includes(one) ?? true;
}
