import { SLOT_ENGINE_VERSION } from './slots.js';

/** Which code and which time zone data computed the slots. */
export interface SlotVersions {
  slot_engine_version?: number | undefined;
  tzdata_version?: string | undefined;
}

/** The versions that this process computes slots with, given that of its time zone data. */
export function slotVersionsWith(tzdataVersion: string) {
  return { slot_engine_version: SLOT_ENGINE_VERSION, tzdata_version: tzdataVersion } satisfies SlotVersions;
}

/** The offsets of these never change, whatever the time zone data. */
const FIXED = /^(Etc\/.*|UTC|GMT)$/i;
/** Events without a version were written when there was only this one. */
const FIRST_ENGINE = 1;

/**
 * Whether both must compute the same slots for a zone: then a difference is a fault, else it is explained. Unknown time
 * zone data may have been of any version.
 */
export function mustAgree(a: SlotVersions, b: SlotVersions, timeZone: string): boolean {
  const sameEngine = (a.slot_engine_version ?? FIRST_ENGINE) === (b.slot_engine_version ?? FIRST_ENGINE);
  const sameZones = a.tzdata_version !== undefined && a.tzdata_version === b.tzdata_version;
  return sameEngine && (sameZones || FIXED.test(timeZone));
}
