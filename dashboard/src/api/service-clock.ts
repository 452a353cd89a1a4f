let aheadMs = 0;

/**
 * Told of each answer: what the service shows is by its clock, and that of a viewer may be wrong by hours.
 * @param date the header `Date` of the answer, in whole seconds; null where there is none
 * @param now epoch milliseconds, by the clock of the viewer, when the answer came
 */
export function noteServiceTime(date: string | null, now: number): void {
  const told = Date.parse(date ?? '');
  if (!Number.isNaN(told)) aheadMs = told - now;
}

/** @param now epoch milliseconds, by the clock of the viewer. @returns the same by that of the service, a second more or less */
export function serviceTime(now: number): number {
  return now + aheadMs;
}
