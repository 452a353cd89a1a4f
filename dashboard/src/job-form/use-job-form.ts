import { useRef, useState } from 'preact/hooks';
import { newKey } from '../api/client.js';
import { ApiProblem } from '../api/problem.js';
import type { ShownJob } from '../job/load-job.js';
import { newestJob } from '../job/newest-job.js';
import { lookAgain } from '../live/live.js';
import { hrefOf } from '../place/parse-place.js';
import { goTo } from '../place/place.js';
import { useAction } from '../show/use-action.js';
import { changedSettings } from './compare-drafts.js';
import { settingsOf, type JobDraft } from './job-draft.js';
import { problemsAtFields, type FormField, type PlacedProblems } from './problems-at-fields.js';
import { createJob, updateJob } from './save-job.js';
import { useDraft, type Draft } from './use-draft.js';
import { useUnsavedGuard } from './use-unsaved-guard.js';

export interface JobForm extends Omit<Draft, 'setDraft' | 'isDirty'> {
  change: (part: Partial<JobDraft>) => void;
  reason: string;
  changeReason: (reason: string) => void;
  isSaving: boolean;
  /** Of the newest try to save, unless the conflict that it was about is settled. */
  problem: ApiProblem | undefined;
  /** What it says of fields; what has been corrected since is left out. */
  problems: PlacedProblems;
  /** What has happened, in words. */
  said: string;
  save: () => void;
}

/** @param shown the job as it was loaded last; undefined for a new one */
export function useJobForm(shown: ShownJob | undefined): JobForm {
  const [reason, setReason] = useState('');
  const [fetched, setFetched] = useState<ShownJob>();
  const [corrected, setCorrected] = useState<ReadonlySet<FormField>>(new Set());
  const [settled, setSettled] = useState<ApiProblem>();
  const [said, setSaid] = useState('');
  const { isRunning: isSaving, problem: newestProblem, run } = useAction();
  const keyOf = useKeyOfBody();
  const { setDraft, isDirty, ...drafted } = useDraft([shown, fetched], isSaving);
  const { draft, base, seen } = drafted;
  const release = useUnsavedGuard(isDirty);
  const changes = changedSettings(base, draft);
  const problem = newestProblem === settled ? undefined : newestProblem;
  const placed = problemsAtFields(problem?.fields ?? new Map<string, string>(), draft);

  function correct(fields: readonly FormField[]): void {
    setCorrected(new Set([...corrected, ...fields]));
    setSaid('');
  }
  const settle = (act: () => void, words: string) => (): void => {
    act();
    setSettled(newestProblem);
    setSaid(words);
  };

  async function send(): Promise<string> {
    if (seen === undefined) return createJob(settingsOf(draft), keyOf('create'));
    const { etag } = seen;
    const { id } = seen.job;
    const why = reason.trim() || null;
    try {
      await updateJob({ id, etag, changes, reason: why, key: keyOf(JSON.stringify([etag, changes, why])) });
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 412) setFetched(await newestJob(id));
      throw error;
    }
    return id;
  }

  function save(): void {
    const isUnchanged = seen !== undefined && Object.keys(changes).length === 0;
    setCorrected(new Set());
    setSaid(isUnchanged ? 'Nothing has been changed.' : '');
    if (isUnchanged) return;
    run(async () => {
      const id = await send();
      release();
      lookAgain();
      goTo(hrefOf(['jobs', id]));
    });
  }

  return {
    ...drafted,
    takeOver: settle(drafted.takeOver, 'The form shows the job as it is now.'),
    putOnTop: settle(drafted.putOnTop, 'Your changes stand on the job as it is now. They are not saved yet.'),
    change(part) {
      setDraft({ ...draft, ...part });
      correct(Object.keys(part) as FormField[]);
    },
    reason,
    changeReason(text) {
      setReason(text);
      correct(['reason']);
    },
    isSaving,
    problem,
    problems: { ...placed, at: new Map([...placed.at].filter(([field]) => !corrected.has(field))) },
    said,
    save,
  };
}

/** One key for each thing that is sent, the same when it is sent again: its answer may have been lost. */
function useKeyOfBody(): (body: string) => string {
  const last = useRef({ body: '', key: '' });
  return (body) => {
    if (last.current.body !== body) last.current = { body, key: newKey() };
    return last.current.key;
  };
}
