import * as z from 'zod';
import { timestampSchema } from './timestamp.js';

/**
 * The events of the fleet's stream: signs of life, each with the times that its instance knows; and what an operator's
 * tool asks and says. Only the last ones are kept.
 */
export const FLEET_EVENT_TYPES = ['InstanceSeen', 'InstanceLeft', 'ClockAsked', 'ClockTrusted'] as const;

export type FleetEventType = (typeof FLEET_EVENT_TYPES)[number];

export const FLEET_EVENT_VERSION = 1;

export const signSchema = z.object({
  /** The name of one process, never reused by another; for an operator's word that of the tool. */
  instance: z.string().min(1).max(300),
  /** The wall clock of its machine, taken after it had read the stream up to `seen`. */
  wall_at: timestampSchema,
  /** The time that it goes by; null while it does not know which time is right. */
  agreed_at: timestampSchema.nullable(),
  /** The newest version of this stream that it had read. */
  seen: z.int().nonnegative(),
  /** Whether it waits for the clocks of the others: they answer at once. */
  asks: z.boolean(),
  /** Settings that decide what the service does, as text: they should be the same everywhere. */
  settings: z.record(z.string().max(100), z.string().max(1_000)),
  /** Of an operator's word. */
  reason: z.string().max(2_000).nullable(),
});

export type SignData = z.infer<typeof signSchema>;
