import type { RunRules } from '../events/job-events.js';
import type { JobEvent } from '../events/parse-event.js';
import { fromTimestamp } from '../events/timestamp.js';
import type { SlotVersions } from '../schedule/slot-versions.js';
import { localDay } from './expiry-days.js';

type RunStarted = Extract<JobEvent, { type: 'RunStarted' }>['data'];

/** What the start of a run says about its reminders. */
export interface RunFacts {
  dry_run: boolean;
  /** Null for runs of versions that did not record them. */
  rules: RunRules | null;
  /** Day of the start in the zone of the rules, as days since 1970-01-01; undefined without rules, or in an unknown zone. */
  today: number | undefined;
  /** Those of the start. */
  versions: SlotVersions;
}

/**
 * What the starts of one job's runs say, kept for good: a reminder may come after the end of its run. Runs that follow each
 * other on one day with the same rules share their facts, so a run takes the space of a number.
 */
export function createFactsOfRuns() {
  const byNumber: RunFacts[] = [];
  let last: RunFacts | undefined;
  let lastText = '';

  return {
    take({ run_no, dry_run, rules, started_at }: RunStarted, versions: SlotVersions): RunFacts {
      const today = rules === null ? undefined : localDay(fromTimestamp(started_at), rules.time_zone);
      const facts: RunFacts = { dry_run, rules, today, versions };
      const text = JSON.stringify(facts);
      if (last === undefined || text !== lastText) last = facts;
      lastText = text;
      byNumber[run_no] = last;
      return last;
    },
    /** Undefined when no such run was started. */
    of: (runNo: number): RunFacts | undefined => byNumber[runNo],
  };
}
