import { stamp } from '../commands/stamp.js';
import type { ReminderEvent } from '../events/parse-event.js';
import { toTimestamp } from '../events/timestamp.js';
import type { Clock } from '../ports/clock.js';
import type { EventLog } from '../ports/event-log.js';
import type { Ids } from '../ports/ids.js';
import { RunClosedError, type CheckedRun } from '../runs/checked-run.js';
import type { Candidate } from './assess-registry.js';
import { askedBefore, type CheckRules, type DueReminder } from './reminder-due.js';
import { historyInLog } from './reminder-history.js';
import { reminderStream } from './reminder-stream.js';
import type { Tally } from './tally.js';

export interface AskDependencies {
  log: EventLog;
  clock: Clock;
  ids: Ids;
  /** Rejects when the reminders that were read may not be all of them: nothing may be asked for by them. */
  stillKnown: () => Promise<void>;
}

const LOOKS_AT_ONCE = 50;

/** Asks for the reminders of the candidates, and counts them. A certification that was asked for before is left out. */
export type AskForReminders = (candidates: readonly Candidate[]) => Promise<void>;

/**
 * For one run. Requests reminders: the version of a certification's stream decides between concurrent runs and workers.
 * The loser reads what the winner has asked for, and judges again. A certification counts once, however often it is met:
 * a run never counts more than the log holds of it.
 * @throws RunClosedError when the run has been closed, StoreError
 * @param own certifications whose reminders an earlier attempt of the run has asked for
 */
export function createAskForReminders(
  run: CheckedRun,
  { rules, tally, own }: { rules: CheckRules; tally: Tally; own: ReadonlySet<string> },
  { log, clock, ids, stillKnown }: AskDependencies,
): AskForReminders {
  const counted = new Set(own);
  tally.reminders = counted.size;

  async function append(due: readonly Candidate[]): Promise<Candidate[]> {
    if (!(await run.isStillOpen())) throw new RunClosedError(`${run.run_id} has been closed`);
    await stillKnown();
    const requested_at = toTimestamp(clock.now());
    const outcomes = await log.append(
      due.map(({ reminder, history }) => ({
        stream: reminderStream(reminder.certification_id),
        expectedVersion: history.version,
        events: [stamp(reminderRequested(reminder, run, requested_at), run.cause, ids)],
      })),
    );
    return due.filter((_, index) => outcomes[index]?.kind === 'conflict');
  }

  function count(asked: readonly Candidate[]): void {
    for (const { reminder } of asked) counted.add(reminder.certification_id);
    tally.reminders = counted.size;
  }

  /** By what others have written meanwhile. */
  async function judgeAgain({ reminder, history }: Candidate): Promise<Candidate[]> {
    const now = { reminder, history: await historyInLog(log, reminder.certification_id, history) };
    const reason = isOwn(now, run) ? undefined : askedBefore(reminder, now.history.asked, rules);
    if (reason === undefined) return [now];
    tally.reasons[reason]++;
    return [];
  }

  return async (candidates) => {
    let open = candidates.filter(({ reminder }) => !counted.has(reminder.certification_id));
    while (open.length > 0) {
      count(open.filter((one) => isOwn(one, run)));
      const due = open.filter((one) => !isOwn(one, run));
      const lost = due.length === 0 ? [] : await append(due);
      count(due.filter((candidate) => !lost.includes(candidate)));
      open = [];
      for (let at = 0; at < lost.length; at += LOOKS_AT_ONCE)
        open.push(...(await Promise.all(lost.slice(at, at + LOOKS_AT_ONCE).map(judgeAgain))).flat());
    }
  };
}

/** Whether the run has asked for it before, in an earlier attempt or by a concurrent worker. */
function isOwn({ history }: Candidate, { run_id }: Pick<CheckedRun, 'run_id'>): boolean {
  return history.asked.some((asked) => asked.run_id === run_id);
}

function reminderRequested(
  { mentor_id, certification_id, type, expires_at, threshold_days, days_left }: DueReminder,
  { cron_id, run_id }: CheckedRun,
  requested_at: string,
): ReminderEvent {
  const asked = { mentor_id, certification_id, type, expires_at, threshold_days, days_left, requested_at };
  return { type: 'ReminderRequested', data: { cron_id, run_id, ...asked } };
}
