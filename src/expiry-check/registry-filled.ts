import type { CertificationRegistry } from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';

const LOOK_EVERY_MS = 2_000;
const MOST_LOOKS = 60;

/**
 * Waits while a registry is being filled: while it is empty, or has not as many records as at the look before; for two
 * minutes at most, or until `signal` aborts. Who judges by it before takes what is still to come for removed.
 * @returns whether it has any record
 * @throws StoreError
 */
export async function registryFilled(
  { registry, clock }: { registry: Pick<CertificationRegistry, 'summary'>; clock: Clock },
  signal: AbortSignal,
): Promise<boolean> {
  let before = 0;
  for (let looks = 0; looks < MOST_LOOKS && !signal.aborted; looks++) {
    const { total } = await registry.summary();
    if (total > 0 && total === before) return true;
    before = total;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
  return before > 0;
}
