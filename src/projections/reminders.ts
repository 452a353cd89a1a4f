import { isJobEvent } from '../events/parse-event.js';
import type { Projection } from './projection.js';

/** Which reminders have been asked for; the check looks here before it asks. */
export const remindersProjection: Projection<'reminders'> = {
  model: 'reminders',
  keyOf: (event, stream) => (isJobEvent(event) ? undefined : stream),
  evolve(document, event, version) {
    if (isJobEvent(event)) return document;
    // A projector that began a rebuild removed the earlier ones; they are redelivered, and this one after them.
    if (document === undefined && version > 1) return undefined;
    const { certification_id, expires_at, threshold_days, run_id, mentor_id, requested_at } = event.data;
    const reminder = { threshold_days, run_id, mentor_id, requested_at };
    return { certification_id, expires_at, sent: [...(document?.sent ?? []), reminder] };
  },
};
