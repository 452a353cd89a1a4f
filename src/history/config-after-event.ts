import { configOf, type JobConfig } from '../events/job-config.js';
import { parseEvent } from '../events/parse-event.js';
import { configAfter } from '../job/cron-job.js';
import type { RecordedEvent } from '../ports/event-log.js';

/** All others leave the configuration as it is, so they need not be parsed. */
const CHANGING: ReadonlySet<string> = new Set(['CronJobScheduled', 'CronJobUpdated', 'CronJobRestored']);

/**
 * The configuration of a job after one of its events. Pure.
 * @returns undefined when it cannot be told without the one before
 * @throws UnreadableEventError
 */
export function configAfterEvent(
  before: JobConfig | undefined,
  recorded: RecordedEvent,
): JobConfig | undefined {
  if (!CHANGING.has(recorded.type)) return before;
  const event = parseEvent(recorded);
  if (event?.type === 'CronJobScheduled' || event?.type === 'CronJobRestored') return configOf(event.data);
  return event?.type === 'CronJobUpdated' && before ? configAfter(before, event.data.changes) : undefined;
}
