import type { RunError, RunResult } from '../events/job-events.js';
import type { CertificationRegistry } from '../ports/certification-registry.js';
import type { Logger } from '../ports/logger.js';
import type { ReadStore } from '../ports/read-store.js';
import { RunClosedError, type CheckedRun, type RunOutcome } from '../runs/checked-run.js';
import { createAskForReminders, type AskDependencies } from './ask-for-reminders.js';
import { assessRegistry, type AssessDependencies, type Candidate } from './assess-registry.js';
import { localDayOf } from './expiry-day.js';
import type { CheckRules } from './reminder-due.js';
import { MOST_REMINDERS, reminderLimit } from './reminder-limit.js';
import { remindersOfRun } from './reminder-history.js';
import { lastChange, resultOf, type AgeDependencies } from './result-of.js';
import { createTally, type Tally } from './tally.js';

export interface CheckDependencies extends AskDependencies, AssessDependencies, AgeDependencies {
  registry: Pick<CertificationRegistry, 'pages' | 'summary'>;
  store: Pick<ReadStore, 'remindersOf' | 'listReminders'>;
  logger: Logger;
}

/** An append has so many of them; before each the run is asked whether it is still open. */
const ASKED_AT_ONCE = 1_000;

/**
 * Performs a run: finds whom to remind, and requests the reminders. A dry run counts them and requests none. Counts first
 * and writes then: a run that would ask for more than it may ends as `too_many_reminders`, and has asked for none.
 * Idempotent per run: on a repeat, reminders already requested count again and are not requested twice. The read model
 * of reminders must have caught up with the log.
 * @throws RunClosedError, StoreError
 */
export async function checkExpiry(run: CheckedRun, dependencies: CheckDependencies): Promise<RunOutcome> {
  const { logger, clock, maxAgeHours } = dependencies;
  const tally = createTally();
  const last_changed_at = await lastChange(dependencies);
  const rules: CheckRules = {
    reminder_thresholds: run.rules.reminder_thresholds,
    select: run.rules.select,
    time_zone: run.rules.time_zone,
    today: localDayOf(run.started_at, run.rules.time_zone),
  };
  const pages = assessRegistry(
    {
      rules,
      runId: run.run_id,
      tally,
      goOn: () => {
        throwIfOver(run);
      },
      onUnreadable({ certification_id }, reason) {
        logger.warn(
          { run_id: run.run_id, certification_id, reason },
          'certification record unreadable; counted as an error of the run',
        );
      },
    },
    dependencies,
  );
  const result = (wanted?: number): RunResult => {
    const facts = {
      tally,
      recordsBefore: run.records_before,
      last_changed_at,
      now: clock.now(),
      maxAgeHours,
    };
    return resultOf({ ...facts, rules: run.rules, wanted });
  };
  if (run.dry_run) {
    tally.reminders = (await collect(pages, new Set())).number;
    await dependencies.stillKnown();
    return { status: 'success', result: result(tally.reminders) };
  }
  const error = await askForAll(run, pages, { rules, tally }, dependencies);
  if (error !== undefined) return { status: 'failed', error, result: result(error.reminders) };
  return { status: 'success', result: result() };
}

/** @returns why none was asked for; undefined when all were */
async function askForAll(
  run: CheckedRun,
  pages: AsyncIterable<Candidate[]>,
  checked: { rules: CheckRules; tally: Tally },
  dependencies: CheckDependencies,
): Promise<RunError | undefined> {
  const own = await remindersOfRun(dependencies.store, run.run_id);
  const ask = createAskForReminders(run, { rules: checked.rules, tally: checked.tally, own }, dependencies);
  if (reminderLimit(run.rules, 0) === Infinity) {
    for await (const page of pages) await ask(page);
    return undefined;
  }
  const { number, candidates } = await collect(pages, own);
  await dependencies.stillKnown();
  const limit = reminderLimit(run.rules, checked.tally.records);
  if (number > limit) return tooMany(number, limit, own.size);
  for (let at = 0; at < candidates.length; at += ASKED_AT_ONCE) {
    throwIfOver(run);
    await ask(candidates.slice(at, at + ASKED_AT_ONCE));
  }
  return undefined;
}

interface Collected {
  number: number;
  /** Incomplete where there are more than any run with a limit may ask for. */
  candidates: readonly Candidate[];
}

/** @param own certifications whose reminders the run has asked for before: they count, whether they are still due or not */
async function collect(pages: AsyncIterable<Candidate[]>, own: ReadonlySet<string>): Promise<Collected> {
  const found = new Map<string, Candidate>();
  let beyond = 0;
  for await (const page of pages) {
    for (const candidate of page) {
      const id = candidate.reminder.certification_id;
      if (own.has(id)) continue;
      if (found.size < MOST_REMINDERS || found.has(id)) found.set(id, candidate);
      else beyond++;
    }
  }
  return { number: own.size + found.size + beyond, candidates: [...found.values()] };
}

/** @param before how many an earlier attempt of the run has asked for, which has found fewer */
function tooMany(number: number, limit: number, before: number): RunError {
  const rest = before === 0 ? 'none was asked for' : `${before} were asked for before there were so many`;
  return {
    code: 'too_many_reminders',
    message: `${number} reminders would be asked for and ${limit} are allowed: ${rest}`,
    reminders: number,
    limit,
  };
}

function throwIfOver({ signal, run_id, isOpen }: CheckedRun): void {
  if (signal.aborted) throw new RunClosedError(`the check of ${run_id} was given up`);
  if (!isOpen()) throw new RunClosedError(`${run_id} has been closed`);
}
