/** Of the time zone data that this process computes slots with; a Node that is built on the system's own does not say. */
export const tzdataVersion = process.versions.tz ?? 'unknown';
