import type { JobConfig } from '../events/job-config.js';
import { parseEvent } from '../events/parse-event.js';
import { jobStream } from '../events/stream-names.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, RecordedEvent } from '../ports/event-log.js';
import type { JobDocument } from '../ports/read-models.js';
import type { ReadStore } from '../ports/read-store.js';
import { jobsProjection, storedState } from '../projections/jobs.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { jobOf } from './job-of.js';
import { lastBy } from './last-by.js';

/**
 * Any job as it was, also a deleted one: the newest snapshot before that, and what the log has behind it. The log alone
 * is believed, so no answer depends on how far the read models are: without snapshots the whole stream is walked over.
 * Each function may throw StoreError, and throws the reason of its signal once that has aborted.
 */
export interface JobHistory {
  /** The version of its last event; 0 when there has never been such a job. */
  newestVersion(cronId: string): Promise<number>;
  /**
   * The version of the last event that had happened by `instant` (epoch milliseconds); 0 before the first. Times decrease
   * where a watermark was reset: then that of the last event whose time is not after `instant`.
   */
  versionAt(cronId: string, instant: number, signal?: AbortSignal): Promise<number>;
  /** The configuration after the event of that version; undefined before the first, or beyond the last. */
  configAt(cronId: string, version: number, signal?: AbortSignal): Promise<JobConfig | undefined>;
  /** The whole job after the event of that version; undefined before the first, or beyond the last. */
  stateAt(cronId: string, version: number, signal?: AbortSignal): Promise<JobDocument | undefined>;
}

export interface JobHistoryDependencies {
  log: Pick<EventLog, 'readStream'>;
  store: Pick<ReadStore, 'snapshotBefore'>;
  clock: Clock;
}

/** Read at a stretch. */
const PAGE = 100;

export function createJobHistory(
  { log, store, clock }: JobHistoryDependencies,
  options: ParseOptions,
): JobHistory {
  const jobs = jobsProjection(options);

  async function* eventsFrom(
    first: number,
    { cronId, last, signal }: { cronId: string; last: number; signal: AbortSignal | undefined },
  ): AsyncGenerator<RecordedEvent> {
    const nextSlice = inSlices(clock);
    for (let from = first; from <= last; from += PAGE) {
      signal?.throwIfAborted();
      const limit = Math.min(PAGE, last + 1 - from);
      const events = await log.readStream(jobStream(cronId), { direction: 'forwards', from, limit });
      for (const event of events) {
        await nextSlice();
        yield event;
      }
      if (events.length < limit) return;
    }
  }

  /** A snapshot is of this log when the event is there that it was taken after. */
  async function snapshotBefore(
    cronId: string,
    version: number,
  ): Promise<{ document: JobDocument; version: number } | undefined> {
    const snapshot = await store.snapshotBefore(cronId, version);
    if (snapshot === undefined || storedState(snapshot.document.state) === undefined) return undefined;
    const at = { direction: 'forwards', from: snapshot.version, limit: 1 } as const;
    const [recorded] = await log.readStream(jobStream(cronId), at);
    const { event_id, ...document } = snapshot.document;
    return recorded?.id === event_id ? { document, version: snapshot.version } : undefined;
  }

  async function stateAt(
    cronId: string,
    version: number,
    signal?: AbortSignal,
  ): Promise<JobDocument | undefined> {
    const snapshot = await snapshotBefore(cronId, version);
    let document = snapshot?.document;
    let reached = snapshot?.version ?? 0;
    for await (const recorded of eventsFrom(reached + 1, { cronId, last: version, signal })) {
      reached = recorded.version;
      const event = parseEvent(recorded);
      if (event !== undefined) document = jobs.evolve(document, event, recorded);
    }
    return reached === version ? document : undefined;
  }

  async function newestVersion(cronId: string): Promise<number> {
    const [newest] = await log.readStream(jobStream(cronId), { direction: 'backwards', limit: 1 });
    return newest?.version ?? 0;
  }

  return {
    stateAt,
    newestVersion,
    async versionAt(cronId, instant, signal) {
      const nextSlice = inSlices(clock);
      /** One by one where that is enough: types that this version does not know are rare. */
      const backwards = async (from: number, limit: number): Promise<RecordedEvent[]> => {
        signal?.throwIfAborted();
        await nextSlice();
        return log.readStream(jobStream(cronId), { direction: 'backwards', from, limit });
      };
      let last = await newestVersion(cronId);
      while (last > 0) {
        // Between two resets of the watermark times never decrease.
        const first = (await stateAt(cronId, last, signal))?.reset_version ?? 1;
        const found = await lastBy(instant, { first, last }, backwards);
        if (found > 0) return found;
        last = first - 1;
      }
      return 0;
    },
    async configAt(cronId, version, signal) {
      const document = await stateAt(cronId, version, signal);
      return document && jobOf(document).config;
    },
  };
}
