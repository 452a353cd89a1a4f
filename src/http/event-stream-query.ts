import * as z from 'zod';
import { jobEvents } from '../events/job-events.js';

const TYPES = Object.keys(jobEvents) as (keyof typeof jobEvents)[];
const type = z.enum(TYPES, `must be one of ${TYPES.join(', ')}`);
const POSITION = 'must be the position of an event of this log, given once';

/** The parameters of a stream of events. Unknown ones are refused. */
export const eventStreamQuery = z
  .strictObject({
    last_event_id: z.string(POSITION).min(1, POSITION).optional(),
    from: z.literal('start', 'must be start, or left out for what comes from now on').optional(),
    type: z
      .union([type.transform((one) => [one]), z.array(type).max(TYPES.length)], {
        error: `must be one of ${TYPES.join(', ')}; several are given as several parameters`,
      })
      .optional(),
  })
  .refine(({ last_event_id, from }) => last_event_id === undefined || from === undefined, {
    path: ['from'],
    message: 'must be left out beside last_event_id',
  });

export type EventStreamQuery = z.infer<typeof eventStreamQuery>;
