import type { Certification } from '../ports/certification-registry.js';
import { expiryDayOf } from './expiry-day.js';

/** Tells which of the active records of one mentor count, while they come one by one, by certification_id. */
export interface Renewals {
  take(certification: Certification): void;
  /** No more of this mentor come: those that have not been told yet count. Another mentor may follow. */
  end(): void;
}

/**
 * Of the active records of one mentor with the same type only the one that expires last counts; of those that expire on
 * the same day the one with the smallest id. Without a type nothing is known to be a renewal. One record for each type
 * is kept, however many the mentor has.
 * @param timeZone in which expiries fall on days
 * @param told called with each record once: it counts, or another one of its mentor and type has renewed it
 */
export function createRenewals(
  timeZone: string,
  told: Record<'onCounts' | 'onSuperseded', (certification: Certification) => void>,
): Renewals {
  const last = new Map<string, { certification: Certification; day: number }>();

  return {
    take(certification) {
      const { type, expires_at } = certification;
      if (type === null) {
        told.onCounts(certification);
        return;
      }
      const day = expiryDayOf(expires_at, timeZone);
      const other = last.get(type);
      // Of one day the first one counts: they come by their ids.
      if (other !== undefined && day <= other.day) {
        told.onSuperseded(certification);
        return;
      }
      if (other !== undefined) told.onSuperseded(other.certification);
      last.set(type, { certification, day });
    },
    end() {
      for (const { certification } of last.values()) told.onCounts(certification);
      last.clear();
    },
  };
}
