import type { JobConfig } from '../events/job-config.js';
import { jobStream } from '../events/stream-names.js';
import type { EventLog, RecordedEvent } from '../ports/event-log.js';
import { configAfterEvent } from './config-after-event.js';

/** An event of a job, and the configuration before it; null where that cannot be told, or there was none. */
export interface Walked {
  recorded: RecordedEvent;
  before: JobConfig | null;
}

const PAGE = 500;

/**
 * The whole history of a job from its first event to its last, also of a deleted one; empty when there has never been such
 * a job. Memory is that of one page.
 * @throws StoreError
 */
export async function* walkHistory(log: EventLog, cronId: string): AsyncGenerator<Walked, void> {
  let config: JobConfig | null = null;
  for (let from = 1; ; from += PAGE) {
    const page = await log.readStream(jobStream(cronId), { direction: 'forwards', from, limit: PAGE });
    for (const recorded of page) {
      yield { recorded, before: config };
      config = configAfterEvent(config ?? undefined, recorded) ?? null;
    }
    if (page.length < PAGE) return;
  }
}
