import { configOf, type JobConfig } from '../events/job-config.js';
import { parseEvent, UnreadableEventError } from '../events/parse-event.js';
import { jobStream } from '../events/stream-names.js';
import { configAfter } from '../job/cron-job.js';
import type { EventLog, RecordedEvent } from '../ports/event-log.js';

/** An event of a job, and the configuration before it; undefined before the first one. */
export interface Walked {
  recorded: RecordedEvent;
  before: JobConfig | undefined;
}

const PAGE = 500;
const SAYING_CONFIG: ReadonlySet<string> = new Set(['CronJobScheduled', 'CronJobUpdated', 'CronJobRestored']);

/**
 * The whole history of a job from its first event to its last, also of a deleted one; empty when there has never been such
 * a job. Memory is that of one page.
 * @throws StoreError, UnreadableEventError with the version of a change that cannot be read
 */
export async function* walkHistory(log: EventLog, cronId: string): AsyncGenerator<Walked, void> {
  let config: JobConfig | undefined;
  for (let from = 1; ; from += PAGE) {
    const page = await log.readStream(jobStream(cronId), { direction: 'forwards', from, limit: PAGE });
    for (const recorded of page) {
      yield { recorded, before: config };
      config = configAfterEvent(config, recorded);
    }
    if (page.length < PAGE) return;
  }
}

function configAfterEvent(config: JobConfig | undefined, recorded: RecordedEvent): JobConfig | undefined {
  if (!SAYING_CONFIG.has(recorded.type)) return config;
  const event = readWithPlace(recorded, () => parseEvent(recorded));
  if (event?.type === 'CronJobScheduled' || event?.type === 'CronJobRestored') return configOf(event.data);
  if (event?.type !== 'CronJobUpdated' || config === undefined) return config;
  return configAfter(config, event.data.changes);
}

/** Has the error of an event that cannot be read say which one it is. @throws UnreadableEventError */
export function readWithPlace<T>({ stream, version }: RecordedEvent, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    throw new UnreadableEventError(`${stream}, version ${version}: ${error.message}`, { cause: error });
  }
}
