import { timeOf, type JobEvent } from '../events/parse-event.js';
import { fromTimestamp, toTimestamp } from '../events/timestamp.js';
import type { SlotRange } from '../schedule/slots-between.js';
import { expectedRange } from './expected-slots.js';
import { outcomeOf, recordAfter, type JobRecord, type SlotOutcome } from './job-record.js';
import { mustAgree, type SlotVersions } from '../schedule/slot-versions.js';

export type Report = (kind: FindingKind, text: string) => void;

/**
 * gap: slots that were owed have no outcome. double: they have two. broken: another promise does not hold.
 * head: the log does not hold what an earlier head of it names.
 * explained: the slots come out differently today, by another engine or newer time zone data; no fault.
 */
export type FindingKind = 'gap' | 'double' | 'broken' | 'head' | 'explained';

/**
 * Proves the slots of one job, event by event. Level 1: each outcome begins where the one before it ended, so the
 * intervals (after, to] chain without gap or overlap. Level 2: in each interval, and before each change, lie exactly
 * the slots that the schedule in force has there; recomputed, where today's versions are those of the decision.
 */
export function createSlotProof(today: SlotVersions) {
  let record: JobRecord | undefined;

  function chain({ after, from, to, decided_at }: SlotOutcome, watermark: number, report: Report): void {
    const interval = `(${toTimestamp(after)}, ${toTimestamp(to)}]`;
    if (after < watermark)
      report('double', `${interval} begins before ${toTimestamp(watermark)}, up to where slots are settled`);
    if (after > watermark)
      report('gap', `nothing settles (${toTimestamp(watermark)}, ${toTimestamp(after)}]`);
    if (from <= after || to < from) report('broken', `${interval} does not hold its first slot in order`);
    if (decided_at < to) report('broken', `${toTimestamp(to)} was settled before it came`);
  }

  function recompute(
    { period }: JobRecord,
    { after, from, to, count }: SlotOutcome,
    versions: SlotVersions,
    report: Report,
  ): void {
    const range = expectedRange(period, after, to);
    const found = range?.count ?? 0;
    if (found === count && range?.from === from && range.to === to) return;
    const what = `${found} slots are owed in (${toTimestamp(after)}, ${toTimestamp(to)}], ${count} were settled`;
    if (!mustAgree(versions, today, period.time_zone))
      report('explained', `${what}; ${difference(versions, today)}`);
    else report(found > count ? 'gap' : 'broken', what);
  }

  /** When a period ends, none of its slots may be left. */
  function close({ period, watermark }: JobRecord, at: number, versions: SlotVersions, report: Report): void {
    const left = expectedRange(period, watermark, at);
    if (left === undefined) return;
    const what = `the slot ${toTimestamp(left.from)} has no outcome before the change at ${toTimestamp(at)}`;
    if (mustAgree(versions, today, period.time_zone)) report('gap', what);
    else report('explained', `${what}; ${difference(versions, today)}`);
  }

  /** The chain begins anew at an earlier slot: what was settled behind it was settled before its time. */
  function reset(
    { from, to, reset_at }: Extract<JobEvent, { type: 'WatermarkReset' }>['data'],
    { watermark }: JobRecord,
    report: Report,
  ): void {
    if (fromTimestamp(from) !== watermark)
      report('broken', `the reset begins at ${from}, but slots are settled up to ${toTimestamp(watermark)}`);
    if (fromTimestamp(to) > Math.min(watermark, fromTimestamp(reset_at)))
      report('broken', `the reset to ${to} leaves out slots that are owed`);
  }

  function restored(
    { key, cron_expression, time_zone }: Extract<JobEvent, { type: 'CronJobRestored' }>['data'],
    { period }: JobRecord,
    report: Report,
  ): void {
    // A client that declares it may have given it another one.
    if (key !== null) return;
    if (cron_expression !== period.cron_expression || time_zone !== period.time_zone)
      report('broken', 'the job is restored with another schedule than it was deleted with');
  }

  return {
    take(event: JobEvent, versions: SlotVersions, report: Report): void {
      const before = record;
      record = recordAfter(record, event);
      if (before === undefined) return;
      if (event.type === 'WatermarkReset') {
        reset(event.data, before, report);
        return;
      }
      if (event.type === 'CronJobRestored') restored(event.data, before, report);
      const outcome = outcomeOf(event);
      if (outcome !== undefined) {
        if (before.period.state !== 'active')
          report('broken', `a slot was settled while ${before.period.state}`);
        chain(outcome, before.watermark, report);
        recompute(before, outcome, versions, report);
      } else if (record !== undefined && record.period !== before.period && event.type !== 'ScheduleFailed') {
        close(before, fromTimestamp(timeOf(event)), versions, report);
      }
    },
    /** Slots that have come by `now` and wait for their outcome; undefined when there are none. */
    waiting: (now: number): SlotRange | undefined =>
      record && expectedRange(record.period, record.watermark, now),
  };
}

/** Why what was decided with some versions may come out differently with others. */
export function difference(then: SlotVersions, now: SlotVersions): string {
  const text = ({ slot_engine_version, tzdata_version }: SlotVersions): string =>
    `engine ${slot_engine_version ?? 'unknown'} and tzdata ${tzdata_version ?? 'unknown'}`;
  return `decided with ${text(then)}, recomputed with ${text(now)}`;
}
