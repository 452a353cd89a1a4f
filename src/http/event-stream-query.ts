import * as z from 'zod';
import { jobEvents } from '../events/job-events.js';
import { asDocumented } from './as-documented.js';

const TYPES = Object.keys(jobEvents) as (keyof typeof jobEvents)[];
const types = z
  .string()
  .transform((text) => text.split(',').map((type) => type.trim()))
  .pipe(z.array(z.enum(TYPES)));
const POSITION = 'must be an id of a stream of this log, given once';

/** The parameters of a stream of events. Unknown ones are refused. */
export const eventStreamQuery = z
  .strictObject({
    last_event_id: z.string(POSITION).min(1, POSITION).optional(),
    from: z.literal('start', 'must be start, or left out for what comes from now on').optional(),
    type: z
      .union([types, z.array(types).max(TYPES.length)], {
        error: `must be one or several of ${TYPES.join(', ')}: comma-separated, or as several parameters`,
      })
      .transform((given) => [...new Set(given.flat())])
      .meta(asDocumented({ type: 'array', minItems: 1, items: { type: 'string', enum: TYPES } }))
      .optional(),
  })
  .refine(({ last_event_id, from }) => last_event_id === undefined || from === undefined, {
    path: ['from'],
    message: 'must be left out beside last_event_id',
  });

export type EventStreamQuery = z.infer<typeof eventStreamQuery>;
