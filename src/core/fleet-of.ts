import { createFleet, type Fleet } from '../fleet/fleet.js';
import type { Adapters } from '../ports/adapters.js';

/** In durations of the lease: signs of life are rarer than renewals, and a start listens for longer than a lease lasts. */
const SIGN_EVERY_LEASES = 6;
const LISTEN_LEASES = 2;

export type FleetAdapters = Pick<Adapters, 'log' | 'clock' | 'ids' | 'logger' | 'instance' | 'tzdataVersion'>;
/** See `CoreOptions`. */
export interface FleetOptions {
  allowSeconds: boolean;
  thresholds: readonly number[];
  executor: string;
  leaseMs: number;
  longestSleepMs: number;
}

/** This instance among the others on its log. */
export function fleetOf(adapters: FleetAdapters, options: FleetOptions): Fleet {
  const { log, clock, ids, logger, instance, tzdataVersion } = adapters;
  const { allowSeconds, thresholds, executor, leaseMs, longestSleepMs } = options;
  return createFleet({
    log,
    clock,
    ids,
    logger,
    instance,
    // All instances should have the same.
    settings: {
      ALLOW_SECONDS: String(allowSeconds),
      REMINDER_THRESHOLD_DAYS: thresholds.join(','),
      EXECUTOR: executor,
      LEASE_MS: String(leaseMs),
      tzdata: tzdataVersion,
    },
    signEveryMs: SIGN_EVERY_LEASES * leaseMs,
    listenMs: LISTEN_LEASES * leaseMs,
    lookEveryMs: longestSleepMs,
  });
}
