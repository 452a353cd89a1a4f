import type { components } from '../api/openapi.js';
import type { Slot } from './slot-outcomes.js';

export type Period = components['schemas']['LedgerPeriod'];

export interface SlotSection {
  /** Undefined where the ledger has slots before all of its periods, which a sound one has not. */
  period: Period | undefined;
  slots: Slot[];
}

/**
 * The slots of each period in force, oldest first. A period begins behind its `after`, so a slot at the very instant of a
 * change belongs to what was before it. Pure.
 */
export function slotSections(periods: readonly Period[], slots: readonly Slot[]): SlotSection[] {
  const sections: SlotSection[] = periods.map((period) => ({ period, slots: [] }));
  for (const slot of slots) {
    const at = Date.parse(slot.slot);
    const section = sections.findLast(({ period }) => isBehind(at, period?.after ?? null));
    if (section === undefined) sections.unshift({ period: undefined, slots: [slot] });
    else section.slots.push(slot);
  }
  return sections;
}

function isBehind(at: number, after: string | null): boolean {
  return after === null || at > Date.parse(after);
}
