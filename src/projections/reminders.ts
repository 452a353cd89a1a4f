import { REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import type { Projection, ProjectionGroup } from './projection.js';

/** Which reminders have been asked for; the check looks here before it asks. */
const remindersProjection: Projection<'reminders'> = {
  model: 'reminders',
  keyOf: (event, stream) => (event.type === 'ReminderRequested' ? stream : undefined),
  evolve(document, event, version) {
    if (event.type !== 'ReminderRequested') return document;
    // The earlier ones were taken away by a projector that began anew; they come again, and this one after them.
    if (document === undefined && version > 1) return undefined;
    const { certification_id, expires_at, threshold_days, run_id, mentor_id, requested_at } = event.data;
    const reminder = { threshold_days, run_id, mentor_id, requested_at };
    return { certification_id, expires_at, sent: [...(document?.sent ?? []), reminder] };
  },
};

export const reminderModels: ProjectionGroup = {
  name: 'reminders',
  version: 2,
  prefixes: [REMINDER_STREAM_PREFIX],
  projections: [remindersProjection],
};
