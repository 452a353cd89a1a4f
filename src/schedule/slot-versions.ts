import { SLOT_ENGINE_VERSION } from './slots.js';

/** Which code and which time zone data computed the slots. */
export interface SlotVersions {
  slot_engine_version?: number | undefined;
  tzdata_version?: string | undefined;
}

/** What slots are computed with in this process, whose time zone data has this version. */
export function slotVersionsWith(tzdataVersion: string) {
  return { slot_engine_version: SLOT_ENGINE_VERSION, tzdata_version: tzdataVersion } satisfies SlotVersions;
}

/** The offsets of these never change, whatever the time zone data. */
const FIXED = /^(Etc\/.*|UTC|GMT)$/i;
/** Events without a version were written when there was only this one. */
const FIRST_ENGINE = 1;

/**
 * Whether slots of a zone must come out the same with both: then a difference is a fault, else it is explained. Time zone
 * data that is not known may have been any.
 */
export function mustAgree(a: SlotVersions, b: SlotVersions, timeZone: string): boolean {
  const sameEngine = (a.slot_engine_version ?? FIRST_ENGINE) === (b.slot_engine_version ?? FIRST_ENGINE);
  const sameZones = a.tzdata_version !== undefined && a.tzdata_version === b.tzdata_version;
  return sameEngine && (sameZones || FIXED.test(timeZone));
}
