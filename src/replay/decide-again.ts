import { isDeepStrictEqual } from 'node:util';
import type { JobEvent } from '../events/parse-event.js';
import type { CronJob } from '../job/cron-job.js';
import { decide } from '../job/decide.js';
import type { JobCommand } from '../job/job-command.js';
import { DomainError } from '../job/domain-error.js';
import type { DecideOptions } from '../job/draft.js';
import { ScheduleError } from '../schedule/schedule-error.js';
import { mustAgree, type SlotVersions } from '../schedule/slot-versions.js';
import { decidedAt } from './decided-at.js';
import type { Decision } from './decision.js';

/** By what is decided today. */
export interface DecideAgainOptions {
  allowSeconds: boolean;
  /** Of jobs without their own, where a decision does not tell which were in force. */
  thresholds: readonly number[];
  versions: SlotVersions;
  /** Today's rules; another function in a test. */
  decide?: typeof decide;
}

/** What would be decided today instead. */
export interface OtherDecision {
  /** What today's code emits; a text when it refuses the command. */
  today: readonly JobEvent[] | string;
  /** Why it may differ though the rules are the same; null when nothing explains it. */
  explained: 'other slots' | 'clock unknown' | null;
}

/**
 * Decides again by today's code what was decided on a job. Pure.
 * @param job before the decision; undefined before it was created
 * @returns undefined when today's code decides the same
 */
export function decideAgain(
  job: CronJob | undefined,
  { version, events, metadata }: Decision,
  command: JobCommand,
  options: DecideAgainOptions,
): OtherDecision | undefined {
  const { allowSeconds, versions } = options;
  const { instants, isExact } = decidedAt(job, events);
  const { cron_id: cronId } = events[0].data;
  const thresholds = thresholdsIn(events) ?? options.thresholds;
  const results = instants.map((now) =>
    resultOf(options.decide ?? decide, job, command, {
      cronId,
      version: version - 1,
      now,
      allowSeconds,
      thresholds,
    }),
  );
  if (results.some((result) => areSame(events, result))) return undefined;
  const today = results[0] ?? [];
  const zone = job?.config.time_zone ?? 'UTC';
  if (!mustAgree(metadata, versions, zone)) return { today, explained: 'other slots' };
  return { today, explained: isExact ? null : 'clock unknown' };
}

function resultOf(
  today: typeof decide,
  job: CronJob | undefined,
  command: JobCommand,
  options: DecideOptions,
): readonly JobEvent[] | string {
  try {
    return today(job, command, options);
  } catch (error) {
    if (error instanceof DomainError || error instanceof ScheduleError) return error.message;
    throw error;
  }
}

/** Those of the environment then, for jobs without their own. */
function thresholdsIn(events: readonly JobEvent[]): readonly number[] | undefined {
  for (const { type, data } of events)
    if (type === 'RunStarted' && data.rules !== null) return data.rules.reminder_thresholds;
  return undefined;
}

function areSame(recorded: readonly JobEvent[], today: readonly JobEvent[] | string): boolean {
  if (typeof today === 'string' || recorded.length !== today.length) return false;
  return recorded.every((event, index) => {
    const other = today[index];
    return other !== undefined && isDeepStrictEqual(comparable(event), comparable(other, event));
  });
}

/** Without texts for people, which are no decision, and without what the recorded one did not know yet. */
function comparable(event: JobEvent, recorded = event): unknown {
  const { type, data } = event;
  if (type === 'ScheduleFailed') return { type, data: { ...data, message: null } };
  if (type === 'RunCompleted' && data.error?.code === 'timed_out')
    return { type, data: { ...data, error: data.error.code } };
  if (type === 'RunStarted' && recorded.type === type && recorded.data.rules === null)
    return { type, data: { ...data, rules: null } };
  return { type, data };
}
