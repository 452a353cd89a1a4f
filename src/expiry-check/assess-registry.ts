import * as z from 'zod';
import type { CertificationRegistry, StoredCertification } from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import type { ReadStore } from '../ports/read-store.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { certificationSchema } from './certification.js';
import { createDueReminders } from './due-reminders.js';
import { askedBefore, type CheckRules, type DueReminder } from './reminder-due.js';
import { historiesIn, type ReminderHistory } from './reminder-history.js';
import type { Tally } from './tally.js';

/** A reminder to ask for, or that the run has asked for already. */
export interface Candidate {
  reminder: DueReminder;
  history: ReminderHistory;
}

export interface Assessment {
  rules: CheckRules;
  /** Whose own reminders count again; undefined for nobody's. */
  runId: string | undefined;
  /** Counts everything but the reminders. */
  tally: Tally;
  onUnreadable: (record: StoredCertification, reason: string) => void;
  /** Called between two pages: throws to give up. */
  goOn: () => void;
}

export interface AssessDependencies {
  registry: Pick<CertificationRegistry, 'pages'>;
  /** Its reminders must have caught up with the log. */
  store: Pick<ReadStore, 'remindersOf'>;
  clock: Clock;
}

/**
 * Walks the registry once and finds whom to remind, page by page, in the order of the registry. What a run, a dry run and
 * a forecast say comes from here. Memory is bounded by a page of the registry, and by what is due and the types of one
 * mentor. Changes nothing. A record that moves to another mentor meanwhile may be met twice.
 * @throws StoreError, and what `goOn` throws
 */
export async function* assessRegistry(
  assessment: Assessment,
  { registry, store, clock }: AssessDependencies,
): AsyncGenerator<Candidate[]> {
  const { rules, runId, tally, onUnreadable, goOn } = assessment;
  const nextSlice = inSlices(clock);
  const due = createDueReminders(rules, tally);

  async function candidates(): Promise<Candidate[]> {
    const reminders = due.takeOut();
    if (reminders.length === 0) return [];
    const historyOf = await historiesIn(
      store,
      reminders.map(({ certification_id }) => certification_id),
    );
    return reminders.flatMap((reminder) => {
      const history = historyOf(reminder.certification_id);
      // Asked for by an earlier attempt of this run or by a concurrent worker, even if a nearer one followed.
      const isOwn = history.asked.some(({ run_id }) => run_id === runId);
      const reason = isOwn ? undefined : askedBefore(reminder, history.asked, rules);
      if (reason === undefined) return [{ reminder, history }];
      tally.reasons[reason]++;
      return [];
    });
  }

  goOn();
  for await (const page of registry.pages()) {
    for (const stored of page) {
      await nextSlice();
      tally.records++;
      const parsed = certificationSchema.safeParse(stored);
      if (parsed.success) due.take(parsed.data);
      else {
        tally.unreadable++;
        onUnreadable(stored, z.prettifyError(parsed.error));
      }
    }
    const found = await candidates();
    if (found.length > 0) yield found;
    goOn();
  }
  due.end();
  const found = await candidates();
  if (found.length > 0) yield found;
}
