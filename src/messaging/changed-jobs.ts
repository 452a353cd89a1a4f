import type { JobBody } from '../answers/job-answers.js';
import type { JobState } from '../answers/job-state.js';
import { UnreadableEventError } from '../events/parse-event.js';
import { JOB_STREAM_PREFIX } from '../events/stream-names.js';
import { START, type Batch, type Position, type RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { JobDocument } from '../ports/read-models.js';

/** Jobs as they are, for others. */
export interface JobStates {
  /** Takes the next event of a job in. */
  take: (event: RecordedEvent) => void;
  /** The whole job after an event of it. @throws StoreError, UnreadableEventError */
  after: (event: RecordedEvent) => Promise<JobDocument | undefined>;
  /** What others see of it. */
  show: (document: JobDocument) => JobBody;
}

/** A job, by the newest event of it that is published. */
export interface ChangedJob {
  event: RecordedEvent;
  /** As it is after that, with the version of the event; null when it is deleted. */
  state: JobState | null;
}

/**
 * The jobs that have changed since their topic was brought up to date. Kept from one producer to the next, so that after
 * a fault the log need not be read again.
 */
export interface ChangedJobs {
  /** @param upTo the topic has each job as it was here. @returns from where on events have to be noted */
  resume: (upTo: Position) => Position;
  /** The events of a batch are published. */
  note: (batch: Pick<Batch, 'events' | 'position'>) => void;
  /** The newest event of each, in the order of the log: so they must be sent. */
  newest: () => RecordedEvent[];
  /** A job that never was, or cannot be read, is left out. @throws StoreError */
  statesAfter: (events: readonly RecordedEvent[]) => Promise<ChangedJob[]>;
  /** All of them are in the topic. @returns up to where it has each job now */
  done: () => Position;
}

const AT_ONCE = 10;

export function createChangedJobs({ states, logger }: { states: JobStates; logger: Logger }): ChangedJobs {
  const newest = new Map<string, RecordedEvent>();
  /** What is between these two has been noted. */
  let since = START;
  let noted = START;

  async function stateAfter(event: RecordedEvent): Promise<ChangedJob | undefined> {
    try {
      const document = await states.after(event);
      if (document === undefined) return undefined;
      const { version } = event;
      return { event, state: document.deleted_at === null ? { ...states.show(document), version } : null };
    } catch (error) {
      if (!(error instanceof UnreadableEventError)) throw error;
      const { stream, version } = event;
      logger.error(
        { err: error, stream, version },
        'job cannot be read; its topic has an earlier state of it',
      );
      return undefined;
    }
  }

  return {
    resume(upTo) {
      // Another leader has brought it further, or it was deleted and begins anew.
      if (upTo > noted || upTo < since) {
        newest.clear();
        since = noted = upTo;
      }
      return noted;
    },
    note({ events, position }) {
      for (const event of events) {
        const { stream, version } = event;
        if (!stream.startsWith(JOB_STREAM_PREFIX) || event.position <= since) continue;
        if (version <= (newest.get(stream)?.version ?? 0)) continue;
        states.take(event);
        // What is set last stands last.
        newest.delete(stream);
        newest.set(stream, event);
      }
      if (position > noted) noted = position;
    },
    newest: () => [...newest.values()],
    async statesAfter(events) {
      const found: (ChangedJob | undefined)[] = [];
      for (let at = 0; at < events.length; at += AT_ONCE)
        found.push(...(await Promise.all(events.slice(at, at + AT_ONCE).map(stateAfter))));
      return found.filter((one) => one !== undefined);
    },
    done() {
      newest.clear();
      since = noted;
      return noted;
    },
  };
}
