import type { JobConfig } from '../events/job-config.js';
import { parseEvent, readWithPlace, UnreadableEventError } from '../events/parse-event.js';
import { jobStream } from '../events/stream-names.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, RecordedEvent } from '../ports/event-log.js';
import type { JobDocument } from '../ports/read-models.js';
import type { ReadStore } from '../ports/read-store.js';
import type { ModelsLag } from '../projections/models-lag.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { jobOf } from './job-of.js';
import { lastBy } from './last-by.js';
import { ModelsBehindError } from './models-behind-error.js';
import { pastJobAfter } from './past-job-after.js';
import { snapshotBefore } from './snapshots.js';

/**
 * Any job as it was, also a deleted one: the newest snapshot before that, and what the log has behind it. The log alone
 * is believed, so no answer depends on how far the read models are: without snapshots the whole stream is walked over,
 * unless it is long and the models are being made anew. Each function may throw StoreError, which then is ModelsBehindError,
 * and UnreadableEventError with its version, and throws the reason of its signal once that has aborted.
 */
export interface JobHistory {
  /** The version of its last event; 0 when there has never been such a job. */
  newestVersion(cronId: string): Promise<number>;
  /**
   * The version of the last event that had happened by `instant` (epoch milliseconds); 0 before the first. Times decrease
   * where a watermark was reset: then that of the last event whose time is not after `instant`.
   */
  versionAt(cronId: string, instant: number, signal?: AbortSignal): Promise<number>;
  /** Where the part of the stream up to a version begins in which times do not decrease: at a reset of the watermark, or 1. */
  orderedFrom(cronId: string, version: number, signal?: AbortSignal): Promise<number>;
  /** The number of the last run that was started up to a version, by the log alone; 0 when there was none. */
  newestRunNo(cronId: string, version: number, signal?: AbortSignal): Promise<number>;
  /** The configuration after the event of that version; undefined before the first, or beyond the last. */
  configAt(cronId: string, version: number, signal?: AbortSignal): Promise<JobConfig | undefined>;
  /**
   * The whole job after the event of that version, but for its requests under a key; undefined before the first, or beyond
   * the last.
   */
  stateAt(cronId: string, version: number, signal?: AbortSignal): Promise<JobDocument | undefined>;
}

export interface JobHistoryDependencies {
  log: Pick<EventLog, 'readStream'>;
  store: Pick<ReadStore, 'snapshotBefore'>;
  clock: Clock;
  /** Whether the models are being made anew. */
  modelsLag: Pick<ModelsLag, 'isLong'>;
}

/** Read at a stretch. */
const PAGE = 100;
/** More events than that take seconds. */
const LONG = 10_000;

export function createJobHistory(
  { log, store, clock, modelsLag }: JobHistoryDependencies,
  options: ParseOptions,
): JobHistory {
  const after = pastJobAfter(options);

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

  /** The job by its last event up to `version`, or up to the one before the first that cannot be read. */
  async function folded(
    cronId: string,
    version: number,
    signal: AbortSignal | undefined,
  ): Promise<{ document: JobDocument | undefined; reached: number; fault?: UnreadableEventError }> {
    const snapshot = await snapshotBefore({ log, store }, cronId, version);
    let document = snapshot?.document;
    let reached = snapshot?.version ?? 0;
    const length = version - reached;
    if (length > LONG && (await modelsLag.isLong())) throw new ModelsBehindError(cronId, length);
    for await (const recorded of eventsFrom(reached + 1, { cronId, last: version, signal })) {
      try {
        const event = readWithPlace(recorded, () => parseEvent(recorded));
        if (event !== undefined) document = after(document, event, recorded);
      } catch (error) {
        if (error instanceof UnreadableEventError) return { document, reached, fault: error };
        throw error;
      }
      reached = recorded.version;
    }
    return { document, reached };
  }

  async function stateAt(
    cronId: string,
    version: number,
    signal?: AbortSignal,
  ): Promise<JobDocument | undefined> {
    const { document, reached, fault } = await folded(cronId, version, signal);
    if (fault !== undefined) throw fault;
    return reached === version ? document : undefined;
  }

  async function orderedFrom(cronId: string, version: number, signal?: AbortSignal): Promise<number> {
    const { document, reached, fault } = await folded(cronId, version, signal);
    let first = document?.reset_version ?? 1;
    if (fault === undefined) return first;
    for await (const { type, version: at } of eventsFrom(reached + 1, { cronId, last: version, signal }))
      if (type === 'WatermarkReset') first = at;
    return first;
  }

  async function newestVersion(cronId: string): Promise<number> {
    const [newest] = await log.readStream(jobStream(cronId), { direction: 'backwards', limit: 1 });
    return newest?.version ?? 0;
  }

  return {
    stateAt,
    newestVersion,
    orderedFrom,
    async newestRunNo(cronId, version, signal) {
      const nextSlice = inSlices(clock);
      for (let from = version; from > 0; from -= PAGE) {
        signal?.throwIfAborted();
        const events = await log.readStream(jobStream(cronId), { direction: 'backwards', from, limit: PAGE });
        for (const recorded of events) {
          await nextSlice();
          if (recorded.type !== 'RunStarted') continue;
          const event = readWithPlace(recorded, () => parseEvent(recorded));
          if (event?.type === 'RunStarted') return event.data.run_no;
        }
      }
      return 0;
    },
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
        const first = await orderedFrom(cronId, last, signal);
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
