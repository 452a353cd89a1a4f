import { inZone } from '../show/show-instant.js';

interface Scheduled {
  next_run_at: string | null;
  time_zone: string;
}

/** The date of the next slot of a job in its own zone, by which its run will look; undefined while none is owed. */
export function slotDay({ next_run_at, time_zone }: Scheduled): string | undefined {
  return next_run_at === null ? undefined : inZone(next_run_at, time_zone).day;
}

/** What a field for a date can show of a text that somebody may have typed into the address. */
export function asDate(text: string): string {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(`${text}T`) ? text : '';
}
