import { REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import type { Projection, ProjectionGroup } from './projection.js';

/** Which reminders have been asked for; the check looks here before it asks. */
const remindersProjection: Projection<'reminders'> = {
  model: 'reminders',
  keyOf: (event, stream) => (event.type === 'ReminderRequested' ? stream : undefined),
  evolve(reminder, event) {
    if (event.type !== 'ReminderRequested') return reminder;
    const { run_id, mentor_id, certification_id, expires_at, threshold_days, requested_at } = event.data;
    return { run_id, mentor_id, certification_id, expires_at, threshold_days, requested_at };
  },
};

export const reminderModels: ProjectionGroup = {
  name: 'reminders',
  version: 1,
  prefixes: [REMINDER_STREAM_PREFIX],
  projections: [remindersProjection],
};
