/** How long a threshold at or after the expiry stays due, from its own day: old records must not flood. */
const DUE_FOR_DAYS = 7;

/**
 * The threshold whose reminder is due: of those reached only the nearest can be. One before the expiry is due until the
 * expiry, one at or after it for 7 days.
 * @param daysLeft calendar days until the day of expiry, negative after it
 * @param thresholds days before the expiry, negative ones after it
 * @returns or why none is: `too_long_expired` when none will be due any more
 */
export function dueThreshold(
  daysLeft: number,
  thresholds: readonly number[],
): number | 'not_due' | 'too_long_expired' {
  const nearest = Math.min(...thresholds.filter((threshold) => daysLeft <= threshold));
  if (nearest !== Infinity && daysLeft >= lastDayOf(nearest)) return nearest;
  const isOver = daysLeft < 0 && thresholds.every((threshold) => daysLeft <= threshold);
  return isOver ? 'too_long_expired' : 'not_due';
}

/** The last day on which a threshold is due, in days left. */
export function lastDayOf(threshold: number): number {
  return threshold > 0 ? 0 : threshold - DUE_FOR_DAYS;
}
