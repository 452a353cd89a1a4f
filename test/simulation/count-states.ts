import { createHash } from 'node:crypto';
import type { RecordedEvent } from '../../src/ports/event-log.js';
import type { World } from './world.js';

/** As many as may be. */
const MANY_OPEN = 100;

/** How much happened, and which rare states were reached: a promise that was never put to the test proves nothing. */
export function countStates(
  { faults, met, history }: World,
  events: readonly RecordedEvent[],
): { counts: Record<string, number>; digest: string } {
  const counts: Record<string, number> = { events: events.length };
  const count = (name: string, by = 1): void => {
    counts[name] = (counts[name] ?? 0) + by;
  };
  const digest = createHash('sha256');
  const zones = new Map<string, string>();
  const open = new Map<string, number>();
  for (const event of events) {
    digest.update(`${event.stream} ${event.version} ${event.id} ${JSON.stringify(event.data)}\n`);
    const { type, stream, data } = event;
    const { time_zone } = (type === 'CronJobUpdated' ? data.changes : data) as { time_zone?: string };
    if (time_zone !== undefined) zones.set(stream, time_zone);
    switch (type) {
      case 'RunStarted':
        count('runs');
        open.set(stream, (open.get(stream) ?? 0) + 1);
        if (data.slot !== null && open.get(stream) === MANY_OPEN)
          count('as many runs open as may be, by a slot');
        if (data.slot === null) count(data.dry_run === true ? 'dry runs' : 'manual runs');
        else count('slots');
        if (Number(data.late_by_ms) > 60_000) count('slots started late');
        if (data.slot !== null && isNearChange(zones.get(stream) ?? 'UTC', Date.parse(data.slot as string)))
          count('slots near a change of the offset');
        break;
      case 'RunSkipped':
        count('slots', Number(data.count));
        count(`slots skipped: ${String(data.reason)}`, Number(data.count));
        break;
      case 'RunCompleted':
        open.set(stream, (open.get(stream) ?? 0) - 1);
        if (data.error !== null) count(`runs ${(data.error as { code: string }).code.replaceAll('_', ' ')}`);
        break;
      case 'RunResultRejected':
        count('late results rejected');
        break;
      case 'ReminderRequested':
        count('reminders');
        break;
      default:
        count(type);
    }
  }
  const checksOf = new Map<string, Set<string>>();
  for (const { run_id, instance } of history.checks)
    checksOf.set(run_id, (checksOf.get(run_id) ?? new Set()).add(instance));
  count('checks performed', history.checks.length);
  count('runs checked by several', [...checksOf.values()].filter(({ size }) => size > 1).length);
  count('terms', history.terms.length);
  for (const { kind, answer } of history.requests) count(`${kind} ${answer}`);
  for (const [what, times] of met) count(what, times);
  for (const [kind, times] of faults) {
    count('faults', times);
    count(`fault: ${kind}`, times);
  }
  return { counts, digest: digest.digest('hex') };
}

const HOURS_MS = 2 * 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the zone's offset differs between two hours before and two hours after. */
function isNearChange(timeZone: string, instant: number): boolean {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, timeStyle: 'medium' });
  formats.set(timeZone, format);
  const timeOfDay = (at: number): string => format.format(at).slice(3);
  const hour = (at: number): number => Number(format.format(at).slice(0, 2));
  const [before, after] = [instant - HOURS_MS, instant + HOURS_MS];
  return timeOfDay(before) !== timeOfDay(after) || (hour(after) - hour(before) + 24) % 24 !== 4;
}

const logLine = (text: string): string => `log line: ${text}`;

/** States that chance must reach in a good many worlds, or they prove too little. */
export const RARE_STATES = [
  ...[
    'overlap',
    'superseded',
    'missed_window',
    'catch_up_skip',
    'schedule_changed',
    'disabled',
    'deleted',
  ].map((reason) => `slots skipped: ${reason}`),
  ...['slots started late', 'slots near a change of the offset', 'manual runs', 'dry runs'],
  'refused: too_many_open_runs',
  ...[
    'runs timed out',
    'runs cancelled',
    'runs too many reminders',
    'late results rejected',
    'runs checked by several',
    'reminders',
  ],
  ...['renewed', 'renewed under a new id', 'corrected', 'withdrawn', 'all expire on one day'].map(
    (what) => `registry: ${what}`,
  ),
  ...['commands of one job written together', 'commands written together lost to another'],
  ...['an append lost to another', 'fault: late append landed', 'fault: append done, never answered'],
  ...['fault: append done in part, answered with an error', 'fault: append done, answered late'],
  ...['fault: stopped', 'fault: stopped for longer than the lease', 'log line: leadership lost'],
  ...[
    'log line: lease released',
    'fault: killed',
    'fault: terminated',
    'fault: all are down',
    'fault: clock steps back',
  ],
  ...['fault: events delivered twice', 'fault: subscription broken', 'fault: registry hangs'],
  ...['wall clock left the agreed time: going on without it; check the time source'].map(logLine),
  ...['asking the other instances for the time', 'the clocks agree on another time: going by it'].map(
    logLine,
  ),
];
