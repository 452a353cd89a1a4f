import { isIanaZoneName } from './iana-zone-names.js';
import { ScheduleError } from './schedule-error.js';
import { zoneOffsets } from './zone-offsets.js';

/** What is meant by an abbreviation, most often; IANA has none of these. Some have several meanings. */
const MEANT: Readonly<Record<string, string>> = {
  ACST: 'Australia/Adelaide',
  ACT: 'Australia/Darwin or America/Rio_Branco',
  ADT: 'America/Halifax',
  AEDT: 'Australia/Sydney',
  AEST: 'Australia/Brisbane or Australia/Sydney',
  AET: 'Australia/Sydney',
  AGT: 'America/Argentina/Buenos_Aires',
  AKDT: 'America/Anchorage',
  AKST: 'America/Anchorage',
  ART: 'America/Argentina/Buenos_Aires or Africa/Cairo',
  AST: 'America/Halifax or Asia/Riyadh',
  AWST: 'Australia/Perth',
  BET: 'America/Sao_Paulo',
  BRT: 'America/Sao_Paulo',
  BST: 'Europe/London or Asia/Dhaka',
  CAT: 'Africa/Maputo',
  CDT: 'America/Chicago',
  CEST: 'Europe/Berlin or Europe/Paris',
  CNT: 'America/St_Johns',
  CST: 'America/Chicago or Asia/Shanghai',
  CTT: 'Asia/Shanghai',
  EAT: 'Africa/Nairobi',
  ECT: 'Europe/Paris or America/Guayaquil',
  EDT: 'America/New_York',
  EEST: 'Europe/Athens or Europe/Kyiv',
  GST: 'Asia/Dubai',
  HKT: 'Asia/Hong_Kong',
  ICT: 'Asia/Bangkok',
  IDT: 'Asia/Jerusalem',
  IET: 'America/Indiana/Indianapolis',
  IST: 'Asia/Kolkata, Europe/Dublin or Asia/Jerusalem',
  JST: 'Asia/Tokyo',
  KST: 'Asia/Seoul',
  MDT: 'America/Denver',
  MIT: 'Pacific/Apia or Pacific/Marquesas',
  MSK: 'Europe/Moscow',
  NDT: 'America/St_Johns',
  NET: 'Asia/Yerevan',
  NPT: 'Asia/Kathmandu',
  NST: 'America/St_Johns or Pacific/Auckland',
  NZDT: 'Pacific/Auckland',
  NZST: 'Pacific/Auckland',
  PDT: 'America/Los_Angeles',
  PHT: 'Asia/Manila',
  PKT: 'Asia/Karachi',
  PLT: 'Asia/Karachi',
  PNT: 'America/Phoenix',
  PRT: 'America/Puerto_Rico',
  PST: 'America/Los_Angeles or Asia/Manila',
  SAST: 'Africa/Johannesburg',
  SGT: 'Asia/Singapore',
  SST: 'Pacific/Pago_Pago or Pacific/Guadalcanal',
  TRT: 'Europe/Istanbul',
  VST: 'Asia/Ho_Chi_Minh',
  WAT: 'Africa/Lagos',
  WEST: 'Europe/Lisbon',
  WIB: 'Asia/Jakarta',
  Z: 'UTC',
};

const ALLOWED = 'allowed: an IANA name such as Asia/Kolkata, Europe/Berlin or UTC';
const MOST_QUOTED = 40;
const OFFSET = /^(?:UTC|GMT)?[+-]\d/i;

/**
 * Refuses what is no zone or link of IANA's database, whatever the runtime makes of it: an abbreviation stands for other
 * places than ICU takes it for, and an offset knows no daylight saving.
 * @throws ScheduleError invalid_time_zone, which proposes what may be meant
 */
export function assertTimeZone(name: string): void {
  if (!isIanaZoneName(name)) refuse(reasonAgainst(name));
  // IANA's data may be newer than that of the runtime.
  zoneOffsets(name);
}

function reasonAgainst(name: string): string {
  if (OFFSET.test(name)) return 'an offset is no time zone: it knows no daylight saving';
  const abbreviation = name.toUpperCase().replace(/^SYSTEMV\/([A-Z]+).*$/, '$1');
  const meant = Object.hasOwn(MEANT, abbreviation) ? MEANT[abbreviation] : undefined;
  if (meant === undefined)
    return `${JSON.stringify(name.slice(0, MOST_QUOTED))} is no time zone that IANA knows`;
  return `${abbreviation} is an abbreviation and no IANA name; did you mean ${meant}?`;
}

function refuse(reason: string): never {
  throw new ScheduleError('invalid_time_zone', 'time_zone', `${reason}; ${ALLOWED}`);
}
