/**
 * Checks at the same time in one process. Each waits for stores most of the time, and a registry that is slow for one
 * must not hold up the others.
 */
export const CHECKS_AT_ONCE = 16;
