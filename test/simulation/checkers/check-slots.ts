import type { RecordedEvent } from '../../../src/ports/event-log.js';
import { oracleSlots } from '../../oracle/slot-oracle.js';
import { reporting, type Violation } from './violation.js';

/**
 * The promise: every owed slot has exactly one outcome. Owed are the slots of the schedule, by the brute-force oracle,
 * from the creation, a restore, a change of the schedule or an enable (exclusive) to the next change, disable or delete
 * (inclusive), and to `until` in the end.
 * @param range the range to check, epoch milliseconds
 */
export function checkSlots(
  events: readonly RecordedEvent[],
  { from, until }: { from: number; until: number },
): Violation[] {
  const { violations, report } = reporting('every owed slot has exactly one outcome');
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    if (!event.stream.startsWith('cronJob-')) continue;
    const own = streams.get(event.stream);
    if (own === undefined) streams.set(event.stream, [event]);
    else own.push(event);
  }
  for (const [stream, own] of streams)
    checkJob(own, {
      from: from - MARGIN,
      until,
      report: (text, at) => report(text, stream.slice('cronJob-'.length), at),
    });
  return violations;
}

/** Clocks may be ahead, and with them what they settle and change. */
const MARGIN = 30 * 86_400_000;

interface Checked {
  from: number;
  until: number;
  report: (text: string, at?: string) => void;
}

function checkJob(events: readonly RecordedEvent[], { from, until, report }: Checked): void {
  const owed = owedSlots(events, { from, until });
  /** How often each owed slot was settled. */
  const settled = new Map<number, number>(owed.map((slot) => [slot, 0]));
  const readable = (slot: number): string => new Date(slot).toISOString();

  for (const { type, data, recorded_at } of events) {
    const first = type === 'RunStarted' ? data.slot : type === 'RunSkipped' ? data.from : null;
    if (first === null) continue;
    const start = Date.parse(first as string);
    const end = type === 'RunSkipped' ? Date.parse(data.to as string) : start;
    const found = slotsWithin(owed, start, end);
    const count = type === 'RunSkipped' ? Number(data.count) : 1;
    if (found.length !== count || found[0] !== start || found.at(-1) !== end) {
      const range = `${readable(start)} to ${readable(end)}`;
      report(`${type} settles ${count} from ${range}, ${found.length} were owed there`, recorded_at);
    }
    for (const slot of found) {
      const times = (settled.get(slot) ?? 0) + 1;
      settled.set(slot, times);
      if (times > 1) report(`${readable(slot)} has ${times} outcomes`, recorded_at);
    }
  }
  const lost = [...settled].filter(([slot, times]) => times === 0 && slot <= until);
  const [first] = lost;
  if (first !== undefined) report(`${lost.length} slots were lost, the first is ${readable(first[0])}`);
}

/** All slots that the job's history of changes makes it owe, in order. */
function owedSlots(
  events: readonly RecordedEvent[],
  { from, until }: { from: number; until: number },
): number[] {
  const owed: number[] = [];
  let config: Record<string, unknown> = {};
  let since: number | undefined;
  // What is settled ahead of time, by a clock that is ahead, must have been owed as well.
  let end = until;

  function close(at: number): void {
    if (since === undefined) return;
    const { cron_expression, time_zone } = config;
    const all = allSlots(String(cron_expression), String(time_zone), from, until + 2 * MARGIN);
    for (const slot of slotsWithin(all, since + 1, at)) owed.push(slot);
    since = undefined;
  }

  for (const { type, data } of events) {
    if (type === 'RunStarted' && data.slot !== null) end = Math.max(end, Date.parse(data.slot as string));
    if (type === 'RunSkipped') end = Math.max(end, Date.parse(data.to as string));
    if (type === 'CronJobScheduled') {
      config = data;
      if (data.enabled === true) since = Date.parse(data.created_at as string);
    }
    if (type === 'CronJobUpdated') {
      const after = { ...config, ...(data.changes as object) } as Record<string, unknown>;
      const at = Date.parse(data.updated_at as string);
      const same = after.cron_expression === config.cron_expression && after.time_zone === config.time_zone;
      if (!same || after.enabled !== config.enabled) {
        close(at);
        if (after.enabled === true) since = at;
      }
      config = after;
    }
    if (type === 'CronJobDeleted') close(Date.parse(data.deleted_at as string));
    if (type === 'CronJobRestored' && config.enabled === true) since = Date.parse(data.restored_at as string);
  }
  close(end);
  return owed;
}

const known = new Map<string, number[]>();

function allSlots(expression: string, timeZone: string, from: number, to: number): number[] {
  const key = `${expression} ${timeZone} ${from} ${to}`;
  let slots = known.get(key);
  if (slots === undefined) known.set(key, (slots = oracleSlots(expression, timeZone, from, to)));
  return slots;
}

/** Those of an ascending list with from <= slot <= to. */
function slotsWithin(slots: readonly number[], from: number, to: number): number[] {
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((slots[middle] ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (let at = low; at < slots.length && (slots[at] ?? Infinity) <= to; at++) found.push(slots[at] ?? 0);
  return found;
}
