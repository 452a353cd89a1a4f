import { join } from 'node:path';
import { openSqliteEventLog } from '../../src/adapters/sqlite/event-log.js';
import { systemClock } from '../../src/adapters/system/clock.js';
import { systemIds } from '../../src/adapters/system/ids.js';
import { runIdOf } from '../../src/events/stream-names.js';
import { reminderStream } from '../../src/expiry-check/reminder-stream.js';
import type { Certification } from '../../src/ports/certification-registry.js';
import type { NewEvent, Write } from '../../src/ports/event-log.js';
import { certificationOf } from '../support/sample-documents.js';
import { jobEvent, recordable } from '../unit/messaging/job-events-of-a-log.js';

const DAY_MS = 86_400_000;
const THRESHOLDS = [30, 14, 7, 1, 0];
const YEAR = 365;

/** A log of some years, as a service without Kafka has left it, and the registry of today. */
export interface OldLog {
  registry: Certification[];
  /** Ids of all events, and of those that others are still to act on. */
  events: string[];
  due: string[];
  openRuns: string[];
  /** Those that are not deleted. */
  jobs: string[];
}

/**
 * Nightly jobs, one for each type of certification, which mentors renew each year; the last job was deleted yesterday.
 * No job has runs to come. One run is still open.
 */
export async function writeOldLog(
  dataDir: string,
  { years, mentors, now }: { years: number; mentors: number; now: number },
): Promise<OldLog> {
  const log = openSqliteEventLog({ clock: systemClock, ids: systemIds, path: join(dataDir, 'log.db') });
  const types = ['firstaid', 'fire', 'water'];
  const versions = new Map<string, number>();
  const events: string[] = [];
  const due = new Map<string, string>();
  const nights = years * YEAR;
  const day = (ago: number): string => new Date(now - ago * DAY_MS).toISOString();

  async function write(writes: readonly [string, NewEvent[]][]): Promise<void> {
    const all = writes.map(([stream, some]): Write => {
      const expectedVersion = versions.get(stream) ?? 0;
      versions.set(stream, expectedVersion + some.length);
      events.push(...some.map(({ id }) => id));
      return { stream, expectedVersion, events: some };
    });
    const outcomes = await log.append(all);
    if (outcomes.some(({ kind }) => kind !== 'appended')) throw new Error('nobody else writes');
  }

  const cronIdOf = (type: string): string => `cron-${type}`;
  const streamOf = (type: string): string => `cronJob-${cronIdOf(type)}`;
  /** Each mentor's certification ends on another day of the year, and is renewed on that day. */
  const leftAt = (ago: number, mentor: number): number => (ago + mentor * 11) % YEAR;

  function remindersOf(type: string, ago: number, run_no: number): [string, NewEvent[]][] {
    const cron_id = cronIdOf(type);
    return Array.from({ length: mentors }, (_, mentor): [string, NewEvent[]][] => {
      const left = leftAt(ago, mentor);
      if (!THRESHOLDS.includes(left)) return [];
      const certification_id = `${type}-${mentor}`;
      const event = recordable({
        type: 'ReminderRequested',
        data: {
          cron_id,
          run_id: runIdOf(cron_id, run_no),
          mentor_id: `mentor-${mentor}`,
          certification_id,
          type,
          expires_at: day(ago - left).slice(0, 10),
          threshold_days: left,
          days_left: left,
          requested_at: day(ago),
        },
      });
      // Of those about the expiry that is to come, the last one counts.
      if (ago - left <= 0) due.set(certification_id, event.id);
      return [[reminderStream(certification_id), [event]]];
    }).flat();
  }

  for (const type of types) await write([[streamOf(type), [jobEvent.scheduled(cronIdOf(type))]]]);
  for (let night = 1; night <= nights; night++) {
    const ago = nights - night;
    for (const type of types) {
      const started = jobEvent.started(cronIdOf(type), night, day(ago));
      await write([[streamOf(type), [started]], ...remindersOf(type, ago, night)]);
      await write([[streamOf(type), [jobEvent.completed(cronIdOf(type), night, day(ago))]]]);
    }
  }
  const [first = '', second = '', third = ''] = types;
  const open = jobEvent.started(cronIdOf(first), nights + 1, day(0), 10 * YEAR * 86_400);
  await write([[streamOf(first), [open]]]);
  for (const type of [first, second]) await write([[streamOf(type), [jobEvent.disabled(cronIdOf(type))]]]);
  await write([[streamOf(third), [jobEvent.deleted(cronIdOf(third))]]]);
  await log.close();

  const registry = types.flatMap((type) =>
    Array.from({ length: mentors }, (_, mentor) =>
      certificationOf({
        certification_id: `${type}-${mentor}`,
        mentor_id: `mentor-${mentor}`,
        type,
        expires_at: day(-leftAt(0, mentor)).slice(0, 10),
      }),
    ),
  );
  return {
    registry,
    events,
    due: [...due.values()],
    openRuns: [open.id],
    jobs: [first, second].map(cronIdOf),
  };
}
