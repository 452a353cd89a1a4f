/** An instant as clocks of a zone show it. */
export interface Shown {
  /** 2026-11-28 */
  day: string;
  /** 02:00, with seconds where there are some. */
  time: string;
  /** Both. */
  text: string;
  /** Such as GMT+1: what the clocks of the zone are called then. */
  zone: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** @param at RFC 3339 @param zone an IANA zone; one that this browser does not know is shown in UTC */
export function inZone(at: string, zone: string): Shown {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(new Date(at))
      .map(({ type, value }) => [type, value]),
  ) as Record<Intl.DateTimeFormatPartTypes, string>;
  const day = `${parts.year}-${parts.month}-${parts.day}`;
  const time = `${parts.hour}:${parts.minute}${parts.second === '00' ? '' : `:${parts.second}`}`;
  return { day, time, text: `${day} ${time}`, zone: parts.timeZoneName };
}

export function viewerZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = createFormat(zone);
  formats.set(zone, format);
  return format;
}

function createFormat(zone: string): Intl.DateTimeFormat {
  const options = {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  }
}
