import { parseEvent, UnreadableEventError } from '../events/parse-event.js';
import type { Certification, CertificationRegistry } from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog, RecordedEvent } from '../ports/event-log.js';
import type { Logger } from '../ports/logger.js';
import type { RulesOfRuns } from '../runs/rules-of-runs.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { certificationSchema } from './certification.js';
import { localDayOf } from './expiry-day.js';
import { registryFilled } from './registry-filled.js';
import type { CheckRules } from './reminder-due.js';
import { reminderStream } from './reminder-stream.js';
import { renewedBy } from './renewed-by.js';
import { isLongOver, isStillDue, type Reminder } from './still-due.js';

export interface StillDueDependencies {
  log: Pick<EventLog, 'readStream'>;
  registry: Pick<CertificationRegistry, 'find' | 'pagesOf' | 'summary'>;
  clock: Clock;
  logger: Logger;
  /** Must know all runs that have asked for what is looked at. */
  rulesOf: RulesOfRuns;
}

/**
 * Which of these events ask for a reminder that is still due. One that cannot be read is not.
 * @throws StoreError
 */
export type StillDueReminders = (
  events: readonly RecordedEvent[],
  signal: AbortSignal,
) => Promise<ReadonlySet<RecordedEvent>>;

interface Asked {
  recorded: RecordedEvent;
  reminder: Reminder;
}

const LOOKS_AT_ONCE = 20;
/** A certification has a few each year. */
const MOST_SINCE = 1_000;

/**
 * Looks at the date first, then at the registry and at what was asked for since. A registry that is being filled is
 * waited for, once. One that stays empty knows nothing: then a reminder itself says what is certified.
 */
export function createStillDueReminders(dependencies: StillDueDependencies): StillDueReminders {
  const { log, registry, clock, logger, rulesOf } = dependencies;
  let hasRecords: boolean | undefined;

  /** Asked for each slice of an old log, but waited for once; and again when an empty one has got records meanwhile. */
  async function knowsRecords(signal: AbortSignal): Promise<boolean> {
    if (hasRecords === true) return true;
    if (hasRecords === false && (await registry.summary()).total === 0) return false;
    const isFilled = await registryFilled({ registry, clock }, signal);
    if (signal.aborted) return isFilled;
    hasRecords = isFilled;
    if (!isFilled)
      logger.warn(
        {},
        'no certifications to judge old reminders by; those due by their own dates are published',
      );
    return isFilled;
  }

  async function judge({ recorded, reminder }: Asked, rules: CheckRules, known: boolean): Promise<boolean> {
    const certification = known
      ? certificationSchema.safeParse(await registry.find(reminder.certification_id)).data
      : toldBy(reminder);
    const byItself = known ? rules : { ...rules, select: null };
    const sofar = { certification, superseded: false, askedSince: [] };
    // Most end here, before anything else is read.
    if (certification === undefined || !isStillDue(reminder, sofar, byItself)) return false;
    const zones = new Set([rules.time_zone]);
    const superseded = known && (await renewedBy(certification, zones, { registry, clock })).size > 0;
    const askedSince = await remindersSince(recorded, reminder);
    return isStillDue(reminder, { certification, superseded, askedSince }, byItself);
  }

  /** In its own stream, and in that of the certification when an earlier version had one for each expiry. */
  async function remindersSince({ stream, version }: RecordedEvent, reminder: Reminder): Promise<Reminder[]> {
    const behind = { [reminderStream(reminder.certification_id)]: 1, [stream]: version + 1 };
    const found: Reminder[] = [];
    for (const [name, from] of Object.entries(behind)) {
      const events = await log.readStream(name, { direction: 'forwards', from, limit: MOST_SINCE });
      for (const event of events) {
        const since = reminderIn(event);
        if (since !== undefined) found.push(since);
      }
    }
    return found;
  }

  return async (events, signal) => {
    const now = clock.now();
    const nextSlice = inSlices(clock);
    const asked: Asked[] = [];
    for (const recorded of events) {
      await nextSlice();
      const reminder = reminderIn(recorded);
      if (reminder !== undefined && !isLongOver(reminder, now)) asked.push({ recorded, reminder });
    }
    const due = new Set<RecordedEvent>();
    if (asked.length === 0) return due;
    const known = await knowsRecords(signal);
    const rulesFor = await rulesOf(asked.map(({ reminder }) => reminder));
    for (let at = 0; at < asked.length && !signal.aborted; at += LOOKS_AT_ONCE) {
      const some = asked.slice(at, at + LOOKS_AT_ONCE).map(async (one) => {
        const { reminder_thresholds, select, time_zone } = rulesFor(one.reminder);
        const rules = { reminder_thresholds, select, time_zone, today: localDayOf(now, time_zone) };
        if (await judge(one, rules, known)) due.add(one.recorded);
      });
      await Promise.all(some);
    }
    return due;
  };
}

function reminderIn(recorded: RecordedEvent): Reminder | undefined {
  try {
    const event = parseEvent(recorded);
    return event?.type === 'ReminderRequested' ? event.data : undefined;
  } catch (error) {
    if (error instanceof UnreadableEventError) return undefined;
    throw error;
  }
}

/** The record as it was at that time, as far as the reminder says. */
function toldBy({ certification_id, mentor_id, type, expires_at }: Reminder): Certification {
  return {
    certification_id,
    mentor_id,
    type,
    expires_at,
    labels: [],
    status: 'active',
    renewable_from: null,
  };
}
