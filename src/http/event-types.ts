import * as z from 'zod';
import { jobEvents } from '../events/job-events.js';
import { asDocumented } from './as-documented.js';

const TYPES = Object.keys(jobEvents) as (keyof typeof jobEvents)[];
const types = z
  .string()
  .transform((text) => text.split(',').map((type) => type.trim()))
  .pipe(z.array(z.enum(TYPES)));

/**
 * Types of events as a parameter: people write them comma-separated, generated clients give it several times.
 * @returns each once
 */
export const eventTypes = z
  .union([types, z.array(types).max(TYPES.length)], {
    error: `must be one or several of ${TYPES.join(', ')}: comma-separated, or as several parameters`,
  })
  .transform((given) => [...new Set(given.flat())])
  .meta(
    asDocumented({
      type: 'array',
      minItems: 1,
      maxItems: TYPES.length,
      items: { type: 'string', enum: TYPES },
      description: 'Only these; they may also be given once, comma-separated.',
    }),
  );
