import * as z from 'zod';
import { eventTypes } from './event-types.js';

const POSITION = 'must be an id of a stream of this log, given once';

/** The parameters of a stream of events. Unknown ones are refused. */
export const eventStreamQuery = z
  .strictObject({
    last_event_id: z.string(POSITION).min(1, POSITION).optional(),
    from: z.literal('start', 'must be start, or left out for what comes from now on').optional(),
    type: eventTypes.optional(),
  })
  .refine(({ last_event_id, from }) => last_event_id === undefined || from === undefined, {
    path: ['from'],
    message: 'must be left out beside last_event_id',
  });

export type EventStreamQuery = z.infer<typeof eventStreamQuery>;
