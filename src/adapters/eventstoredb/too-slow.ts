import { typeOf } from './to-store-error.js';

/**
 * The server ends a live subscription with gRPC's ABORTED when its small buffer for it is full: "Consumer too slow to
 * handle event while live. Client resubscription required." The client names every ABORTED call a timeout.
 */
export function isTooSlow(failure: Error): boolean {
  return typeOf(failure) === 'timeout' && failure.message.includes('Consumer too slow');
}
