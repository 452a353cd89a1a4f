import type { LeaseEventType } from '../events/lease-events.js';
import { toTimestamp } from '../events/timestamp.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import { StoreError } from '../ports/store-error.js';
import { readLease, toLeaseEvent, type LeaseRecord } from './lease-record.js';
import { createTerm, type HeldTerm, type Term } from './term.js';

/** One lease, as one process sees it and writes it. */
export interface Lease {
  /** The newest record this process knows of, and since when, monotonic milliseconds; undefined before it was read. */
  seen(): SeenLease | undefined;
  /** Takes a record read from the stream; ignores one older than the newest seen. */
  observe: (record: LeaseRecord | undefined) => void;
  /** How long until it may be taken; Infinity while that is not known. */
  msUntilFree(): number;
  /** @returns the term; undefined when another one was quicker. @throws StoreError */
  take(): Promise<HeldTerm | undefined>;
  /** Extends the term, or finds it lost. @throws StoreError */
  renew(term: HeldTerm): Promise<void>;
  /** Lets others have it at once, if it is still ours. @throws StoreError */
  release(term: HeldTerm): Promise<void>;
  /** How often this process has seen one term follow another. */
  changes(): number;
}

export interface SeenLease {
  record: LeaseRecord | undefined;
  at: number;
}

export interface LeaseOptions {
  log: EventLog;
  clock: Clock;
  ids: Ids;
  stream: string;
  instance: string;
  leaseMs: number;
  /** A leader that could not renew for this long stops; the rest of the lease is time to stop. */
  holdMs: number;
  /** Called on news of the lease. */
  onNews: () => void;
}

/** Compare-and-set on a stream: each write at the version of the record it was decided on, with an id of its own. */
export function createLease(options: LeaseOptions): Lease {
  const { log, clock, ids, stream, instance, leaseMs, holdMs, onNews } = options;
  /** Start times of the calls whose events may be in the stream, by event id; monotonic milliseconds. */
  const begun = new Map<string, number>();
  let seen: SeenLease | undefined;
  let changes = 0;
  let current: HeldTerm | undefined;

  const isOurs = ({ holder, term }: LeaseRecord, { number }: Term): boolean =>
    holder === instance && term === number;

  function observe(record: LeaseRecord | undefined): void {
    const before = seen?.record;
    if (seen !== undefined && (record?.version ?? 0) <= (before?.version ?? 0)) return;
    if (before !== undefined && record?.term !== before.term) changes++;
    seen = { record, at: clock.monotonic() };
    if (record !== undefined && current !== undefined) tell(current, record);
    onNews();
  }

  function tell(term: HeldTerm, record: LeaseRecord): void {
    if (!isOurs(record, term)) {
      term.lose(`${record.holder} has the lease, term ${record.term}`);
      return;
    }
    // A write whose answer was lost also counts from the start of its call.
    const from = begun.get(record.id);
    if (from === undefined) return;
    term.extend(from);
    for (const [id, since] of begun) if (since <= from) begun.delete(id);
  }

  /** @returns whether it was written; if not, the newest record has been looked at */
  async function write(type: LeaseEventType, { term, since }: Pick<LeaseRecord, 'term' | 'since'>) {
    const expectedVersion = seen?.record?.version ?? 0;
    const data = { holder: instance, term, since, lease_ms: leaseMs };
    const id = ids.uuid();
    begun.set(id, clock.monotonic());
    const events = [toLeaseEvent(id, type, data)];
    const [outcome] = await log.append([{ stream, expectedVersion, events }]);
    const written = outcome?.kind === 'appended';
    const newest = written
      ? { ...data, type, id, version: expectedVersion + 1 }
      : await readLease(log, stream);
    if ((newest?.version ?? 0) < expectedVersion) throw goneBack(stream);
    observe(newest);
    return written;
  }

  return {
    seen: () => seen,
    observe,
    changes: () => changes,
    msUntilFree() {
      if (seen === undefined) return Infinity;
      const { record, at } = seen;
      // A lease that we took without seeing the answer may be taken again: no other instance holds it.
      if (record === undefined || record.type === 'LeaseReleased' || record.holder === instance) return 0;
      return at + record.lease_ms - clock.monotonic();
    },
    async take() {
      const number = (seen?.record?.term ?? 0) + 1;
      begun.clear();
      current = createTerm(clock, number, clock.monotonic(), holdMs);
      if (await write('LeaseTaken', { term: number, since: toTimestamp(clock.now()) })) return current;
      return undefined;
    },
    async renew(term) {
      const record = seen?.record;
      if (record !== undefined && isOurs(record, term)) await write('LeaseRenewed', record);
    },
    async release(term) {
      for (;;) {
        const record = seen?.record;
        if (record === undefined || !isOurs(record, term) || record.type === 'LeaseReleased') return;
        await write('LeaseReleased', record);
      }
    },
  };
}

/** The states in memory of all instances then belong to another log, too. */
function goneBack(stream: string): StoreError {
  const what = `${stream} has fewer events than before: the log was restored while this instance was running`;
  return new StoreError('store_damaged', `${what}; stop all instances, then start them again`);
}
