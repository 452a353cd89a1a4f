import { SECONDS_PER_DAY } from './civil-time.js';
import { dateText, namedTimes, offsetAt, slotAfter, timeText, twoDigits } from './local-times.js';
import type { Schedule } from './slots.js';
import type { ZoneOffsets } from './zone-offsets.js';

/** An upcoming slot in human-readable form. */
export interface SlotPreview {
  /** Epoch milliseconds, UTC. */
  slot: number;
  /** The time in the schedule's zone with its offset, RFC 3339: 2026-03-08T03:00:00-04:00. */
  local: string;
  /** How an offset change affects it; null when none does. */
  note: string | null;
}

/**
 * The first slots strictly after an instant (epoch milliseconds, UTC), oldest first. Fewer than `count` when no more
 * come up within 12 years of the last one, or before the end of the year 2100.
 */
export function previewSlots(schedule: Schedule, after: number, count: number): SlotPreview[] {
  const previews: SlotPreview[] = [];
  let slot = slotAfter(schedule, after);
  while (slot !== undefined && previews.length < count) {
    const utc = slot / 1000;
    previews.push({ slot, local: localText(schedule.zone, utc), note: noteOn(schedule, utc) });
    slot = slotAfter(schedule, slot);
  }
  return previews;
}

function localText(zone: ZoneOffsets, utc: number): string {
  const offset = offsetAt(zone, utc);
  const local = utc + offset;
  // RFC 3339 has no offsets with seconds; the last one, Monrovia's, ended in 1972.
  const minutes = Math.round(Math.abs(offset) / 60);
  const sign = offset < 0 ? '-' : '+';
  return `${dateText(local)}T${timeText(local)}${sign}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

function noteOn(schedule: Schedule, utc: number): string | null {
  const { zone, expression } = schedule;
  if (!expression.everyHour && endsGap(schedule, utc))
    return 'at the end of a gap: it stands for local times that do not exist';
  const other = otherPass(zone, utc);
  if (other === undefined) return null;
  if (other < utc) return 'second pass of a local time that comes twice';
  return `first pass of a local time that comes twice; the second ${expression.everyHour ? 'runs too' : 'does not run'}`;
}

/** Whether the offset jumps ahead at this instant, over local times that the expression names. */
function endsGap(schedule: Schedule, utc: number): boolean {
  const before = offsetAt(schedule.zone, utc - 1);
  const after = offsetAt(schedule.zone, utc);
  return before < after && namedTimes(schedule, utc + before, utc + after).length > 0;
}

/** The other instant with the same local time, where there are two. No zone changes twice within a day. */
function otherPass(zone: ZoneOffsets, utc: number): number | undefined {
  const local = utc + offsetAt(zone, utc);
  return [utc - SECONDS_PER_DAY, utc + SECONDS_PER_DAY]
    .map((nearby) => local - offsetAt(zone, nearby))
    .find((other) => other !== utc && other + offsetAt(zone, other) === local);
}
