/** Version of the time zone data used to compute slots; a Node built on the system's own data does not report it. */
export const tzdataVersion = process.versions.tz ?? 'unknown';
