import { inZone } from '../show/show-instant.js';

interface Scheduled {
  next_run_at: string | null;
  time_zone: string;
}

/** The date of the next slot of a job in its own zone, by which its run will look; undefined while none is owed. */
export function slotDay({ next_run_at, time_zone }: Scheduled): string | undefined {
  return next_run_at === null ? undefined : inZone(next_run_at, time_zone).day;
}
