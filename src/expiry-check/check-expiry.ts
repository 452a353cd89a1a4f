import * as z from 'zod';
import { stamp, type Cause } from '../commands/stamp.js';
import type { ReminderEvent } from '../events/domain-event.js';
import type { RunResult } from '../events/job-events.js';
import { toTimestamp } from '../events/timestamp.js';
import type {
  Certification,
  CertificationRegistry,
  StoredCertification,
} from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import type { Logger } from '../ports/logger.js';
import type { ReadStore } from '../ports/read-store.js';
import { certificationSchema } from './certification.js';
import { blockingThresholds, nearestThreshold } from './due-threshold.js';
import { expiryDayOf, localDayOf } from './expiry-day.js';
import { reminderStream } from './reminder-stream.js';

export interface CheckDependencies {
  registry: CertificationRegistry;
  log: EventLog;
  store: ReadStore;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** Days before expiry at which a reminder is due. */
  thresholds: readonly number[];
}

export interface CheckedRun {
  cron_id: string;
  run_id: string;
  dry_run: boolean;
  /** Epoch milliseconds: its day in the job's zone is the day that everything is measured from. */
  started_at: number;
  time_zone: string;
  cause: Cause;
  /** Asked before each batch of reminders: a run that has been closed meanwhile must not send any. */
  isStillOpen: () => Promise<boolean>;
  /** The process is stopping, or the run's deadline has passed: the check is given up between two pages. */
  signal: AbortSignal;
}

/** The check was given up: the run was closed while it was under way, or the process stops. */
export class RunClosedError extends Error {
  override readonly name = 'RunClosedError';
}

interface DueReminder extends Certification {
  threshold_days: number;
  days_left: number;
  stream: string;
}

/**
 * Walks the registry and asks for the reminders that are due; a dry run counts them and asks for none. May be repeated
 * for the same run: reminders that it has asked for already count again and are not asked for twice.
 * The `reminders` read model must have been brought up to the log before.
 * @throws RunClosedError, StoreError
 */
export async function checkExpiry(run: CheckedRun, dependencies: CheckDependencies): Promise<RunResult> {
  const result: RunResult = { mentors_checked: 0, reminders_sent: 0, errors: 0 };
  const today = localDayOf(run.started_at, run.time_zone);
  let lastMentor: string | undefined;
  throwIfGivenUp(run);

  for await (const page of dependencies.registry.pages()) {
    const candidates: DueReminder[] = [];
    for (const stored of page) {
      const certification = readCertification(stored, run, dependencies.logger);
      if (certification === undefined) {
        result.errors++;
        continue;
      }
      if (certification.mentor_id !== lastMentor) result.mentors_checked++;
      lastMentor = certification.mentor_id;
      const candidate = dueReminder(certification, { today, run, thresholds: dependencies.thresholds });
      if (candidate !== undefined) candidates.push(candidate);
    }
    result.reminders_sent += await remind(candidates, run, dependencies);
    throwIfGivenUp(run);
  }
  return result;
}

function throwIfGivenUp({ signal, run_id }: CheckedRun): void {
  if (signal.aborted) throw new RunClosedError(`the check of ${run_id} was given up`);
}

function readCertification(
  stored: StoredCertification,
  run: CheckedRun,
  logger: Logger,
): Certification | undefined {
  const parsed = certificationSchema.safeParse(stored);
  if (parsed.success) return parsed.data;
  const reason = z.prettifyError(parsed.error);
  logger.warn(
    { run_id: run.run_id, certification_id: stored.certification_id, reason },
    'certification cannot be checked',
  );
  return undefined;
}

function dueReminder(
  certification: Certification,
  { today, run, thresholds }: { today: number; run: CheckedRun; thresholds: readonly number[] },
): DueReminder | undefined {
  const days_left = expiryDayOf(certification.expires_at, run.time_zone) - today;
  const threshold_days = nearestThreshold(days_left, thresholds);
  if (threshold_days === undefined) return undefined;
  return {
    ...certification,
    threshold_days,
    days_left,
    stream: reminderStream({ ...certification, threshold_days }),
  };
}

/** @returns how many of the candidates are reminders of this run */
async function remind(
  candidates: readonly DueReminder[],
  run: CheckedRun,
  dependencies: CheckDependencies,
): Promise<number> {
  if (candidates.length === 0) return 0;
  const { store, log, clock, ids, thresholds } = dependencies;
  const streamsOf = (candidate: DueReminder): string[] =>
    blockingThresholds(candidate.threshold_days, thresholds).map((threshold_days) =>
      reminderStream({ ...candidate, threshold_days }),
    );
  const sent = await store.read('reminders', candidates.flatMap(streamsOf));
  const own = candidates.filter(({ stream }) => sent.get(stream)?.document.run_id === run.run_id);
  const due = candidates.filter((candidate) => !streamsOf(candidate).some((stream) => sent.has(stream)));
  if (run.dry_run || due.length === 0) return own.length + due.length;

  if (!(await run.isStillOpen())) throw new RunClosedError(`${run.run_id} has been closed`);
  const requested_at = toTimestamp(clock.now());
  const outcomes = await log.append(
    due.map((reminder) => ({
      stream: reminder.stream,
      expectedVersion: 0,
      events: [stamp(reminderRequested(reminder, run, requested_at), run.cause, ids)],
    })),
  );
  let asked = 0;
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.kind === 'appended' || (await isOwn(due[index]?.stream ?? '', run, log))) asked++;
  }
  return own.length + asked;
}

/** The reminder was there already: it is this run's when an earlier attempt of this run has left it. */
async function isOwn(stream: string, run: CheckedRun, log: EventLog): Promise<boolean> {
  const [event] = await log.readStream(stream, { direction: 'forwards', limit: 1 });
  return event?.data.run_id === run.run_id;
}

function reminderRequested(reminder: DueReminder, run: CheckedRun, requested_at: string): ReminderEvent {
  const { mentor_id, certification_id, expires_at, threshold_days, days_left } = reminder;
  const { cron_id, run_id } = run;
  return {
    type: 'ReminderRequested',
    data: {
      cron_id,
      run_id,
      mentor_id,
      certification_id,
      expires_at,
      threshold_days,
      days_left,
      requested_at,
    },
  };
}
