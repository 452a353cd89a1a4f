import { parseEvent, UnreadableEventError } from '../events/parse-event.js';
import { cronIdOf } from '../events/stream-names.js';
import type { RecordedEvent } from '../ports/event-log.js';
import type { JobDocument } from '../ports/read-models.js';
import type { ParseOptions } from '../schedule/cron-expression.js';
import type { JobHistory } from './job-history.js';
import { pastJobAfter } from './past-job-after.js';

/** Jobs as they were at events that are read in the order of the log: what was asked for last is kept, and folded on. */
export interface PassingStates {
  /** Takes the next event in, of any stream of a job. */
  take: (event: RecordedEvent) => void;
  /**
   * The whole job after an event of it. Costs no read where it was asked for before, and each event since was taken in.
   * @returns undefined when there is no job by then @throws StoreError, UnreadableEventError
   */
  after: (event: RecordedEvent) => Promise<JobDocument | undefined>;
}

interface Kept {
  version: number;
  document: JobDocument;
}

/** Jobs, of some kilobytes each. */
const MOST_KEPT = 1_000;

export function createPassingStates(
  history: Pick<JobHistory, 'stateAt'>,
  options: ParseOptions,
): PassingStates {
  const after = pastJobAfter(options);
  const kept = new Map<string, Kept>();

  function folded({ document }: Kept, event: RecordedEvent): JobDocument | undefined {
    try {
      const parsed = parseEvent(event);
      return parsed === undefined ? document : after(document, parsed, event);
    } catch (error) {
      // Whoever asks for the state is told.
      if (error instanceof UnreadableEventError) return undefined;
      throw error;
    }
  }

  function keep(stream: string, state: Kept): void {
    kept.delete(stream);
    kept.set(stream, state);
    const [oldest] = kept.size > MOST_KEPT ? kept.keys() : [];
    if (oldest !== undefined) kept.delete(oldest);
  }

  return {
    take(event) {
      const { stream, version } = event;
      const before = kept.get(stream);
      if (before === undefined || version <= before.version) return;
      const document = version === before.version + 1 ? folded(before, event) : undefined;
      if (document === undefined) kept.delete(stream);
      else keep(stream, { version, document });
    },
    async after({ stream, version }) {
      const known = kept.get(stream);
      if (known?.version === version) return known.document;
      const document = await history.stateAt(cronIdOf(stream), version);
      if (document !== undefined) keep(stream, { version, document });
      return document;
    },
  };
}
