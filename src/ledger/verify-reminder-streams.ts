import { hash as digest } from 'node:crypto';
import type { ReminderEvent } from '../events/parse-event.js';
import { REMINDER_STREAM_PREFIX } from '../events/stream-names.js';
import { mustAgree, type SlotVersions } from '../schedule/slot-versions.js';
import { dayOf, expiryOf, isDate, utcDateOf, utcDayOf, type Expiry } from './expiry-days.js';
import type { RunFacts } from './run-facts.js';
import { difference, type Report } from './verify-slots.js';

type Reminder = ReminderEvent['data'];

/** What a stream was kept for: for a certification today, for each of its expiries or for each reminder by earlier versions. */
type Kind = 'certification' | 'expiry' | 'reminder';

/** One that was asked for. */
interface Asked {
  expiry: Expiry;
  threshold: number;
  kind: Kind;
}

const DIGITS = 40;
const MOST_DAYS = 9_999;
const LEAST_REACH_DAYS = 30;
const MOST_REACH_DAYS = 180;
/** So much further apart may two days be in another zone. */
const ZONE_DAYS = 1;

/**
 * Proves the streams of reminders, event by event: each reminder is in the stream of its certification, and none follows one
 * of the same validity period that is as near to the expiry or nearer. Earlier versions of the service kept a stream for
 * each expiry of a certification, and held a reminder to those of the same date; the first ones kept each reminder in a
 * stream of its own, in any order. Those are proved by the rules of their time, and count for the reminders of later ones.
 */
export function createReminderStreamProof(today: SlotVersions) {
  const versions = new Map<string, number>();
  /** By the stream that the certification has today. */
  const asked = new Map<string, Asked[]>();

  function prove(
    { stream, version }: { stream: string; version: number },
    reminder: Reminder,
    run: RunFacts | undefined,
    report: Report,
  ): void {
    const own = streamNamed([reminder.certification_id]);
    const expiry = expiryOf(reminder.expires_at);
    const kind = stream === own ? 'certification' : earlyKind(stream, version, reminder, expiry);
    const threshold = reminder.threshold_days;
    const least = kind === 'expiry' || kind === 'reminder' ? 0 : -MOST_DAYS;
    if (threshold < least || threshold > MOST_DAYS)
      report('broken', `a reminder ${threshold} days before: there are ${least} to ${MOST_DAYS}`);
    if (kind === undefined) {
      report('broken', `a reminder that belongs into ${own}`);
      return;
    }
    const earlier = asked.get(own) ?? [];
    asked.set(own, earlier);
    const one: Asked = { expiry, threshold, kind };
    compare(one, earlier, run, report);
    keep(one, earlier);
  }

  function compare(one: Asked, earlier: readonly Asked[], run: RunFacts | undefined, report: Report): void {
    let nearest: Asked | undefined;
    for (const other of earlier) {
      if (other.threshold > one.threshold || !isHeldTo(one, other, run)) continue;
      if (nearest === undefined || other.threshold < nearest.threshold) nearest = other;
    }
    if (nearest === undefined) return;
    const what = `a reminder ${one.threshold} days before follows one ${nearest.threshold} days before`;
    const zone =
      one.kind !== 'certification' || (isDate(one.expiry) && isDate(nearest.expiry))
        ? undefined
        : run?.rules?.time_zone;
    if (run === undefined || zone === undefined || mustAgree(run.versions, today, zone))
      report('broken', what);
    else report('explained', `${what}; ${difference(run.versions, today)}`);
  }

  return {
    /**
     * @param reminder undefined when the event is none that can be read
     * @param run undefined when the run that it names was not started
     */
    take(
      place: { stream: string; version: number },
      reminder: Reminder | undefined,
      run: RunFacts | undefined,
      report: Report,
    ): void {
      const { stream, version } = place;
      const last = versions.get(stream) ?? 0;
      if (version !== last + 1) report('broken', `version ${version} follows ${last}`);
      versions.set(stream, version);
      if (reminder !== undefined) prove(place, reminder, run, report);
    },
  };
}

/** Whether the earlier reminder speaks against another one, unless its threshold is further from the expiry. */
function isHeldTo(one: Asked, earlier: Asked, run: RunFacts | undefined): boolean {
  if (one.kind === 'certification') return isOfPeriod(one.expiry, earlier.expiry, run);
  if (one.kind === 'reminder' && earlier.kind === 'reminder') return false;
  return utcDayOf(one.expiry) === utcDayOf(earlier.expiry);
}

/**
 * Whether two expiries belong to one validity period: by the rules of the run, they are at most its largest threshold apart,
 * or 30 days. Of a run without rules only what holds in every zone and with all thresholds.
 */
function isOfPeriod(one: Expiry, other: Expiry, run: RunFacts | undefined): boolean {
  if (run?.rules) {
    const { time_zone, reminder_thresholds } = run.rules;
    const [day, before] = [dayOf(one, time_zone), dayOf(other, time_zone)];
    if (day !== undefined && before !== undefined)
      return (
        Math.abs(day - before) <=
        Math.min(Math.max(LEAST_REACH_DAYS, ...reminder_thresholds), MOST_REACH_DAYS)
      );
  }
  return Math.abs(utcDayOf(one) - utcDayOf(other)) <= LEAST_REACH_DAYS - ZONE_DAYS;
}

/** Of one expiry and kind only the nearest threshold can speak against a later reminder. */
function keep(one: Asked, earlier: Asked[]): void {
  const same = earlier.find(({ expiry, kind }) => expiry === one.expiry && kind === one.kind);
  if (same === undefined) earlier.push(one);
  else same.threshold = Math.min(same.threshold, one.threshold);
}

/** Names of streams are repeated here on purpose, as the id of a run is: a proof does not use the code that it proves. */
function earlyKind(
  stream: string,
  version: number,
  { certification_id, threshold_days }: Reminder,
  expiry: Expiry,
): Kind | undefined {
  const date = utcDateOf(expiry);
  if (stream === streamNamed([certification_id, date])) return 'expiry';
  return version === 1 && stream === streamNamed([certification_id, date, threshold_days])
    ? 'reminder'
    : undefined;
}

function streamNamed(identity: readonly unknown[]): string {
  return REMINDER_STREAM_PREFIX + digest('sha256', JSON.stringify(identity), 'hex').slice(0, DIGITS);
}
