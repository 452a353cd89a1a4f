import type { Range } from './compare-schedule.js';

/** The zones of the runtime. It does not list UTC itself. */
export const EVERY_ZONE: readonly string[] = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

/** The two years in which every zone is compared. */
export const TWO_YEARS = { from: Date.UTC(2025, 0, 1), to: Date.UTC(2027, 0, 1) };

/** The two years above have no 29 February. */
export const WITH_LEAP_DAY: readonly Range[] = [
  'UTC',
  'America/New_York',
  'Africa/Casablanca',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
].map((timeZone) => ({ timeZone, from: Date.UTC(2023, 5, 1), to: Date.UTC(2025, 5, 1) }));

/** Changes of an offset as they are rare: of days, of quarters of an hour, twice within weeks, at odd minutes, at New Year. */
export const ODD_YEARS: readonly Range[] = [
  year('Pacific/Apia', 2011),
  year('Pacific/Kwajalein', 1993),
  year('Pacific/Kiritimati', 1994),
  year('Asia/Pyongyang', 2018),
  year('Asia/Kathmandu', 1985, 6),
  year('Asia/Tehran', 1978, 6),
  year('Asia/Dhaka', 2009, 6),
  year('Asia/Gaza', 2011),
  year('America/Caracas', 2007),
  year('America/Caracas', 2016),
  year('America/St_Johns', 1988),
  year('America/Metlakatla', 2018, 6),
  year('Africa/Cairo', 2010),
  year('Africa/Casablanca', 1985, 6),
  year('Africa/Sao_Tome', 2018, 6),
  year('Antarctica/Casey', 2020),
  year('Antarctica/Troll', 2005),
  year('Europe/Volgograd', 2020, 6),
];

/** Twelve months from the given one (0 to 11), and some days to see the next year begin. */
function year(timeZone: string, first: number, month = 0): Range {
  return { timeZone, from: Date.UTC(first, month, 1), to: Date.UTC(first + 1, month, 5) };
}
