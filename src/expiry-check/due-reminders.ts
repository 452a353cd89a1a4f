import type { NoReason } from '../events/job-events.js';
import type { Certification } from '../ports/certification-registry.js';
import { compareBytes } from './compare-bytes.js';
import { inactive, reminderDue, type CheckRules, type DueReminder } from './reminder-due.js';
import { createRenewals } from './renewals.js';
import type { Tally } from './tally.js';

/** The reminders that the records of a registry call for, whatever was asked for before. */
export interface DueReminders {
  /** The next record that could be read, in the order of the registry: by mentor_id and then certification_id. */
  take(certification: Certification): void;
  /** The registry has no more. */
  end(): void;
  /** Those of mentors that are done, in the order of the registry, each once. */
  takeOut(): DueReminder[];
}

/** Counts in the tally: mentors, and the reasons of records that call for none. */
export function createDueReminders(rules: CheckRules, tally: Tally): DueReminders {
  let done: DueReminder[] = [];
  /** Of the mentor at hand. */
  let own: DueReminder[] = [];
  let mentor: string | undefined;
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
    if (own.length > 1) own.sort(byId);
    done.push(...own);
    own = [];
  }

  return {
    take(certification) {
      if (certification.mentor_id !== mentor) {
        endMentor();
        tally.mentors++;
      }
      mentor = certification.mentor_id;
      const reason = inactive(certification);
      if (reason === undefined) renewals.take(certification);
      else no(reason);
    },
    end: endMentor,
    takeOut() {
      const taken = done;
      done = [];
      return taken;
    },
  };
}

function byId({ certification_id: one }: DueReminder, { certification_id: other }: DueReminder): number {
  return compareBytes(one, other);
}
