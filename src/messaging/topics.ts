import type { Topic } from '../ports/message-bus.js';

/** Everything that happened, in order for each cron job: key is the cron id. */
export const EVENTS_TOPIC = 'certification-cron.events';
/** RunStarted alone, for those that perform runs: key is the run id. */
export const RUNS_TOPIC = 'certification-cron.runs';
/** ReminderRequested alone, for those that send reminders: key is the mentor id. */
export const REMINDERS_TOPIC = 'certification-cron.reminders';
/** Each cron job as it is now: key is the cron id, a deleted one has no value. */
export const JOBS_TOPIC = 'certification-cron.jobs';
/** How far the log has been published. */
export const CHECKPOINT_TOPIC = 'certification-cron.publisher';
/** Results of runs performed by another service: key is the run id. */
export const RESULTS_TOPIC = 'certification-cron.results';
/** The certifications of the service that owns them: key is the certification id. */
export const CERTIFICATIONS_TOPIC = 'certifications';
/** Messages that could not be understood, with the reason. */
export const DEAD_LETTERS_TOPIC = 'certification-cron.dead-letters';

const DAY_MS = 86_400_000;
const PARTITIONS = 6;

/** How missing topics are created; an operator may create them otherwise beforehand, or change them. */
export const topics: readonly Topic[] = [
  { name: EVENTS_TOPIC, partitions: PARTITIONS, settings: { 'retention.ms': '-1' } },
  { name: RUNS_TOPIC, partitions: PARTITIONS, settings: days(7) },
  { name: REMINDERS_TOPIC, partitions: PARTITIONS, settings: days(30) },
  { name: JOBS_TOPIC, partitions: PARTITIONS, settings: { 'cleanup.policy': 'compact' } },
  { name: CHECKPOINT_TOPIC, partitions: 1, settings: { 'cleanup.policy': 'compact' } },
  { name: RESULTS_TOPIC, partitions: PARTITIONS, settings: days(7) },
  {
    name: CERTIFICATIONS_TOPIC,
    partitions: PARTITIONS,
    settings: { 'cleanup.policy': 'compact' },
  },
  // A message at the usual limit of 1 MiB must still fit when the reason is added.
  {
    name: DEAD_LETTERS_TOPIC,
    partitions: 1,
    settings: { ...days(90), 'max.message.bytes': '2097152' },
  },
];

function days(count: number): Topic['settings'] {
  return { 'retention.ms': String(count * DAY_MS) };
}
