import type { Projection } from './projection.js';

/**
 * Which reminders have been asked for, a row each: the check looks here before it asks, and clients see them. A row
 * follows from its event alone, so it needs no other one of its stream, whatever the stream is named after.
 */
export const remindersProjection: Projection<'reminders'> = {
  model: 'reminders',
  keyOf: ({ type }, { stream, version }) =>
    type === 'ReminderRequested' ? `${stream}/${version}` : undefined,
  evolve(document, event, { stream }) {
    if (event.type !== 'ReminderRequested') return document;
    return { ...event.data, stream };
  },
};
