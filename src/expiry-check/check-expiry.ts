import * as z from 'zod';
import type { RunResult } from '../events/job-events.js';
import type {
  Certification,
  CertificationRegistry,
  StoredCertification,
} from '../ports/certification-registry.js';
import type { Logger } from '../ports/logger.js';
import { createAskForReminders, type AskDependencies, type DueReminder } from './ask-for-reminders.js';
import { certificationSchema } from './certification.js';
import { RunClosedError, type CheckedRun } from '../runs/checked-run.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { nearestThreshold } from './due-threshold.js';
import { expiryDayOf, localDayOf } from './expiry-day.js';
import { reminderStream } from './reminder-stream.js';

export interface CheckDependencies extends AskDependencies {
  registry: CertificationRegistry;
  logger: Logger;
  /** Days before expiry at which a reminder is due. */
  thresholds: readonly number[];
}

/**
 * Walks the registry and requests the reminders that are due; a dry run counts them and requests none. Idempotent per
 * run: on a repeat, reminders already requested count again and are not requested twice. The `reminders` read model must
 * be of this log; for a dry run, it must have caught up with it, too.
 * @throws RunClosedError, StoreError
 */
export async function checkExpiry(run: CheckedRun, dependencies: CheckDependencies): Promise<RunResult> {
  const result: RunResult = { mentors_checked: 0, reminders_sent: 0, errors: 0 };
  const today = localDayOf(run.started_at, run.time_zone);
  const nextSlice = inSlices(dependencies.clock);
  const askForReminders = createAskForReminders(run, dependencies);
  let lastMentor: string | undefined;
  throwIfGivenUp(run);

  for await (const page of dependencies.registry.pages()) {
    const candidates: DueReminder[] = [];
    for (const stored of page) {
      await nextSlice();
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
    result.reminders_sent += await askForReminders(candidates);
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
    'certification record unreadable; counted as an error of the run',
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
    stream: reminderStream(certification),
  };
}
