import { useEffect, useState } from 'preact/hooks';
import type { ShownJob } from '../job/load-job.js';
import { viewerZone } from '../show/show-instant.js';
import { isSameDraft, rebaseDraft } from './compare-drafts.js';
import { draftOf, newDraft, type JobDraft } from './job-draft.js';

export interface Draft {
  draft: JobDraft;
  setDraft: (draft: JobDraft) => void;
  /** The job that the draft stands on; undefined: it is a new one. */
  seen: ShownJob | undefined;
  /** The draft before anything was entered. */
  base: JobDraft;
  isDirty: boolean;
  /** The job as others have changed it since, where that touches what was entered. */
  newer: ShownJob | undefined;
  /** Gives up what was entered for the newer job. */
  takeOver: () => void;
  /** Puts what was entered on top of the newer job. */
  putOnTop: () => void;
}

/**
 * What is entered, on top of the job as it was first seen: a reload of the job beneath touches nothing that was entered.
 * @param states of the job, as they were loaded
 * @param isSaving what is saved just now is no change of others
 */
export function useDraft(states: readonly (ShownJob | undefined)[], isSaving: boolean): Draft {
  const [first] = states;
  const [seen, setSeen] = useState(first);
  const [base, setBase] = useState(() => (first ? draftOf(first.job) : newDraft(viewerZone())));
  const [draft, setDraft] = useState(base);
  const isDirty = !isSameDraft(base, draft);
  const newest = newestAfter(seen, states);
  const standOn = (job: ShownJob, choose: (theirs: JobDraft) => JobDraft): void => {
    const theirs = draftOf(job.job);
    setSeen(job);
    setBase(theirs);
    setDraft(choose(theirs));
  };
  useEffect(() => {
    // Nothing was entered: the form shows the job as it is.
    if (newest !== undefined && !isDirty && !isSaving) standOn(newest, (theirs) => theirs);
  }, [newest, isDirty, isSaving]);

  return {
    draft,
    setDraft,
    seen,
    base,
    isDirty,
    newer: isDirty && !isSaving ? newest : undefined,
    takeOver() {
      if (newest) standOn(newest, (theirs) => theirs);
    },
    putOnTop() {
      if (newest) standOn(newest, (theirs) => rebaseDraft(base, draft, theirs));
    },
  };
}

/** The newest of the states in which the job is there, when it was changed after `seen`. */
function newestAfter(
  seen: ShownJob | undefined,
  states: readonly (ShownJob | undefined)[],
): ShownJob | undefined {
  return states.reduce((newest, state) => {
    if (state?.etag === undefined || seen === undefined) return newest;
    return state.job.config_version > (newest ?? seen).job.config_version ? state : newest;
  }, undefined);
}
