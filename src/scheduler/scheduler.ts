import type { CommandHandler } from '../commands/handle-commands.js';
import type { CommandRequest } from '../commands/command-request.js';
import { wakeAt } from '../job/wake-at.js';
import type { FoldedJob, JobFold } from '../fold/job-fold.js';
import type { Cause } from '../commands/stamp.js';
import { TermOverError, type Term } from '../leadership/term.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import type { Logger } from '../ports/logger.js';
import { isAborted } from '../waiting/is-aborted.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { createTimetable } from './timetable.js';
import { NO_REASON } from '../waiting/no-reason.js';

export interface SchedulerDependencies {
  fold: JobFold;
  commands: CommandHandler;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  allowSeconds: boolean;
  /** Sleeps count monotonic time: it looks at least this often how late it is by the wall clock. */
  longestSleepMs: number;
}

export interface Scheduler {
  /**
   * Keeps the timetable in sync with the fold until `signal` aborts: a new leader finds it ready. The fold must have caught up before.
   */
  standBy: (signal: AbortSignal) => Promise<void>;
  /** Sends Ticks until the term is over; resolves when the last append is through. */
  run(term: Term): Promise<void>;
}

/**
 * Sending them, and taking in what has become of them, is one piece of work: of 10,000 it blocked the process for 60 ms.
 * Of 100,000 jobs that are due at once 1,000 at a time are as quick.
 */
const TICKS_PER_APPEND = 1_000;
const PAUSE_AFTER_FAILURE_MS = 500;

/**
 * Sends each job a Tick when it may have something due. It decides nothing itself: `decide` derives what is due from
 * the job's own state, so an early, late or duplicate Tick does no harm.
 */
export function createScheduler(dependencies: SchedulerDependencies): Scheduler {
  const { fold, commands, clock, ids, logger, allowSeconds, longestSleepMs } = dependencies;
  const timetable = createTimetable();
  let wake = (): void => undefined;
  let failing = false;
  /** The instant that it sleeps until, epoch milliseconds. */
  let sleepsUntil = Infinity;

  function plan({ job }: FoldedJob, ticked: number): void {
    timetable.set(job.cron_id, wakeAt(job, ticked, { allowSeconds }));
  }

  function planAnew(folded: FoldedJob): void {
    plan(folded, -Infinity);
    // Most changes make nothing due any sooner.
    if (timetable.earliest() < sleepsUntil) wake();
  }

  async function planAll(): Promise<void> {
    const nextSlice = inSlices(clock);
    for (const { job } of fold.all()) {
      await nextSlice();
      const newest = fold.get(job.cron_id);
      if (newest !== undefined) planAnew(newest);
    }
  }

  function causeOfTick(term: Term): Cause {
    return { actor: 'scheduler', correlation_id: ids.uuid(), causation_id: null, term: term.number };
  }

  async function tick(cronIds: readonly string[], now: number, term: Term): Promise<void> {
    const cause = causeOfTick(term);
    const requests = cronIds.map((cronId): CommandRequest => ({ cronId, command: { type: 'Tick' }, cause }));
    const results = await commands.handleAll(requests, term.assertHeld);
    results.forEach((result, index) => {
      const cronId = cronIds[index] ?? '';
      if (result.status === 'rejected') {
        const isThere = fold.get(cronId) !== undefined;
        logger.warn(
          { err: result.reason as unknown, cron_id: cronId },
          isThere ? 'tick failed; retrying' : 'tick failed; the job is no longer in the log',
        );
        if (isThere) timetable.set(cronId, now + PAUSE_AFTER_FAILURE_MS);
        return;
      }
      const folded = fold.get(cronId);
      const { events, version } = result.value;
      // A change, by these events or by others since the decision, has already set the next wake-up. Without one, what
      // is due waits for a run to end.
      if (folded !== undefined && events.length === 0 && folded.version === version) plan(folded, now);
    });
  }

  async function tickAllDue(term: Term): Promise<void> {
    const now = clock.now();
    const due = timetable.takeDue(now, TICKS_PER_APPEND);
    if (due.length === 0) return;
    try {
      await tick(due, now, term);
      if (failing) logger.info({}, 'recording slots succeeds again');
      failing = false;
    } catch (error) {
      for (const cronId of due) timetable.set(cronId, now);
      if (error instanceof TermOverError) return;
      if (!failing)
        logger.error({ err: error, jobs: due.length }, 'recording slots failed; retrying until it succeeds');
      failing = true;
      await clock.sleep(PAUSE_AFTER_FAILURE_MS);
    }
  }

  async function sleepUntilDue(): Promise<void> {
    const earliest = timetable.earliest();
    const ms = earliest - clock.now();
    if (ms <= 0) return clock.yield();
    sleepsUntil = earliest;
    const woken = new AbortController();
    wake = (): void => {
      woken.abort(NO_REASON);
    };
    await clock.sleep(ms, woken.signal);
    wake = (): void => undefined;
    sleepsUntil = Infinity;
  }

  return {
    async standBy(signal) {
      fold.onChange(planAnew);
      await planAll();
      while (!signal.aborted) {
        await clock.sleep(longestSleepMs, signal);
        wake();
      }
    },
    async run(term) {
      const { signal } = term;
      const end = (): void => {
        wake();
      };
      signal.addEventListener('abort', end);
      while (!signal.aborted) {
        await tickAllDue(term);
        if (!isAborted(signal)) await sleepUntilDue();
      }
      signal.removeEventListener('abort', end);
    },
  };
}
