import { configOf, type JobConfig } from '../events/job-config.js';
import { parseEvent, UnreadableEventError } from '../events/parse-event.js';
import { configAfter } from '../job/changed-config.js';
import type { RecordedEvent } from '../ports/event-log.js';

/** All others leave the configuration as it is, so they need not be parsed. */
const CHANGING: ReadonlySet<string> = new Set(['CronJobScheduled', 'CronJobUpdated', 'CronJobRestored']);

/**
 * The configuration of a job after one of its events. Pure.
 * @param before undefined where it is not known
 * @returns undefined where it cannot be told: without the one before, or behind a change that cannot be read, until an event
 *   says the whole configuration again
 */
export function configAfterEvent(
  before: JobConfig | undefined,
  recorded: RecordedEvent,
): JobConfig | undefined {
  if (!CHANGING.has(recorded.type)) return before;
  try {
    return configAfterChange(before, recorded);
  } catch (error) {
    if (error instanceof UnreadableEventError) return undefined;
    throw error;
  }
}

/** @throws UnreadableEventError */
function configAfterChange(before: JobConfig | undefined, recorded: RecordedEvent): JobConfig | undefined {
  const event = parseEvent(recorded);
  if (event?.type === 'CronJobScheduled' || event?.type === 'CronJobRestored') return configOf(event.data);
  return event?.type === 'CronJobUpdated' && before ? configAfter(before, event.data.changes) : undefined;
}
