/** How long the reminder of the day of expiry stays due, so that old records do not flood. */
const DUE_AFTER_EXPIRY_DAYS = 7;

/**
 * The threshold (days before expiry) that is nearest of those passed, or undefined when no reminder can be due. After
 * expiry only the threshold 0 remains, for 7 days.
 */
export function nearestThreshold(daysLeft: number, thresholds: readonly number[]): number | undefined {
  const passed = thresholds.filter((threshold) => daysLeft <= threshold);
  if (passed.length === 0) return undefined;
  const nearest = Math.min(...passed);
  if (daysLeft < 0 && (nearest !== 0 || daysLeft < -DUE_AFTER_EXPIRY_DAYS)) return undefined;
  return nearest;
}
