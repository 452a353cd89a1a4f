import type { JobConfig } from '../events/job-config.js';
import { configOf } from '../events/job-config.js';
import { parseEvent, timeOf } from '../events/parse-event.js';
import { jobStream } from '../events/stream-names.js';
import { fromTimestamp } from '../events/timestamp.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, RecordedEvent } from '../ports/event-log.js';
import type { JobDocument } from '../ports/read-models.js';
import { jobsProjection } from '../projections/jobs.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import { inSlices } from '../waiting/turn-with-time.js';

/** Any job as it was, also a deleted one. Each of its functions may throw StoreError. */
export interface JobHistory {
  /** The version of its last event; 0 when there has never been such a job. */
  newestVersion(cronId: string): Promise<number>;
  /**
   * The version of the last event that had happened by `instant` (epoch milliseconds); 0 before the first. Times decrease
   * where a watermark was reset: then that of the last event whose time is not after `instant`.
   */
  versionAt(cronId: string, instant: number): Promise<number>;
  /** The configuration after the event of that version; undefined before the first, or beyond the last. */
  configAt(cronId: string, version: number): Promise<JobConfig | undefined>;
  /** The whole job after the event of that version; undefined before the first, or beyond the last. */
  stateAt(cronId: string, version: number): Promise<JobDocument | undefined>;
}

/** Read at a stretch. */
const PAGE = 100;

export function createJobHistory(
  { log, clock }: { log: EventLog; clock: Clock },
  options: ParseOptions,
): JobHistory {
  const jobs = jobsProjection(options);

  async function* eventsOf(cronId: string): AsyncGenerator<RecordedEvent> {
    const nextSlice = inSlices(clock);
    for (let from = 1; ; from += PAGE) {
      const events = await log.readStream(jobStream(cronId), { direction: 'forwards', from, limit: PAGE });
      for (const event of events) {
        await nextSlice();
        yield event;
      }
      if (events.length < PAGE) return;
    }
  }

  async function stateAt(cronId: string, version: number): Promise<JobDocument | undefined> {
    let document: JobDocument | undefined;
    for await (const recorded of eventsOf(cronId)) {
      if (recorded.version > version) return document;
      const event = parseEvent(recorded);
      if (event !== undefined) document = jobs.evolve(document, event, recorded);
      if (recorded.version === version) return document;
    }
    return undefined;
  }

  return {
    stateAt,
    async newestVersion(cronId) {
      const [newest] = await log.readStream(jobStream(cronId), { direction: 'backwards', limit: 1 });
      return newest?.version ?? 0;
    },
    async versionAt(cronId, instant) {
      let version = 0;
      for await (const recorded of eventsOf(cronId)) {
        const event = parseEvent(recorded);
        if (event !== undefined && fromTimestamp(timeOf(event)) <= instant) version = recorded.version;
      }
      return version;
    },
    async configAt(cronId, version) {
      const document = await stateAt(cronId, version);
      return document && configOf(document);
    },
  };
}
