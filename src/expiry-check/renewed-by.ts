import type { Certification, CertificationRegistry } from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { certificationSchema } from './certification.js';
import { createRenewals } from './renewals.js';

/**
 * By zone, the record of the registry that has renewed a certification; a zone is left out where none has.
 * @param zones in which expiries fall on days
 * @throws StoreError
 */
export async function renewedBy(
  { certification_id, mentor_id, type, status }: Certification,
  zones: ReadonlySet<string>,
  { registry, clock }: { registry: Pick<CertificationRegistry, 'pagesOf'>; clock: Clock },
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (type === null || status !== 'active') return found;
  const inZones = [...zones].map((zone) =>
    createRenewals(zone, {
      onSuperseded: () => undefined,
      onCounts: (last) => {
        if (last.certification_id !== certification_id) found.set(zone, last.certification_id);
      },
    }),
  );
  const nextSlice = inSlices(clock);
  for await (const page of registry.pagesOf(mentor_id)) {
    for (const stored of page) {
      await nextSlice();
      const { data: other } = certificationSchema.safeParse(stored);
      if (other?.type !== type || other.status !== 'active') continue;
      for (const renewals of inZones) renewals.take(other);
    }
  }
  for (const renewals of inZones) renewals.end();
  return found;
}
