import * as z from 'zod';

/**
 * The events of a lease's stream. Each carries the full state, since only the last one is kept: who holds the lease, or
 * has just released it.
 */
export const LEASE_EVENT_TYPES = ['LeaseTaken', 'LeaseRenewed', 'LeaseReleased'] as const;

export type LeaseEventType = (typeof LEASE_EVENT_TYPES)[number];

export const LEASE_EVENT_VERSION = 1;

export const leaseSchema = z.object({
  /** The name of one process, never reused by another. */
  holder: z.string().min(1),
  /** Counts how often the lease was taken. */
  term: z.int().positive(),
  /** When this term began, by the holder's wall clock: to be shown, never to be compared. */
  since: z.iso.datetime(),
  /** A term expires once the record has stayed unchanged for this long. */
  lease_ms: z.int().positive(),
});

export type LeaseData = z.infer<typeof leaseSchema>;
