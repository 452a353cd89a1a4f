import * as z from 'zod';
import type { NoReason } from '../events/job-events.js';
import type {
  Certification,
  CertificationRegistry,
  StoredCertification,
} from '../ports/certification-registry.js';
import type { Clock } from '../ports/clock.js';
import type { ReadStore } from '../ports/read-store.js';
import { inSlices } from '../waiting/turn-with-time.js';
import { compareBytes } from './compare-bytes.js';
import { certificationSchema } from './certification.js';
import { askedBefore, inactive, reminderDue, type CheckRules, type DueReminder } from './judge-record.js';
import { historiesIn, type ReminderHistory } from './reminder-history.js';
import { createRenewals } from './renewals.js';
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
  let due: DueReminder[] = [];
  /** Of the mentor at hand. */
  let own: DueReminder[] = [];
  let lastMentor: string | undefined;
  const no = (reason: NoReason): void => {
    tally.reasons[reason]++;
  };
  const renewals = createRenewals(rules.time_zone, {
    onSuperseded: () => {
      no('superseded');
    },
    onCounts: (certification) => {
      const verdict = reminderDue(certification, rules);
      if (typeof verdict === 'string') no(verdict);
      else own.push(verdict);
    },
  });

  function endMentor(): void {
    renewals.end();
    due.push(...(own.length > 1 ? own.sort(byId) : own));
    own = [];
  }

  function take(certification: Certification): void {
    if (certification.mentor_id !== lastMentor) {
      endMentor();
      tally.mentors++;
    }
    lastMentor = certification.mentor_id;
    const reason = inactive(certification);
    if (reason === undefined) renewals.take(certification);
    else no(reason);
  }

  async function candidates(): Promise<Candidate[]> {
    const asked = due;
    due = [];
    if (asked.length === 0) return [];
    const historyOf = await historiesIn(
      store,
      asked.map(({ certification_id }) => certification_id),
    );
    return asked.flatMap((reminder) => {
      const history = historyOf(reminder.certification_id);
      // Asked for by an earlier attempt of this run or by a concurrent worker, even if a nearer one followed.
      const isOwn = history.asked.some(({ run_id }) => run_id === runId);
      const reason = isOwn ? undefined : askedBefore(reminder, history.asked, rules);
      if (reason === undefined) return [{ reminder, history }];
      no(reason);
      return [];
    });
  }

  goOn();
  for await (const page of registry.pages()) {
    for (const stored of page) {
      await nextSlice();
      tally.records++;
      const parsed = certificationSchema.safeParse(stored);
      if (parsed.success) take(parsed.data);
      else {
        tally.unreadable++;
        onUnreadable(stored, z.prettifyError(parsed.error));
      }
    }
    const found = await candidates();
    if (found.length > 0) yield found;
    goOn();
  }
  endMentor();
  const found = await candidates();
  if (found.length > 0) yield found;
}

function byId({ certification_id: one }: DueReminder, { certification_id: other }: DueReminder): number {
  return compareBytes(one, other);
}
