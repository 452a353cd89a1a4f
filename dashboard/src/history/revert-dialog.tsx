import { useState } from 'preact/hooks';
import { answerOf, api, newKey, type Schemas } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { Dialog } from '../show/dialog.js';
import { LoadState } from '../show/load-state.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { useAction } from '../show/use-action.js';
import { SettingDiffs } from './setting-diffs.js';

interface RevertDialogProps {
  /** What is confirmed is what was shown when the viewer began: a change by somebody else must not slip under it. */
  seen: { job: Schemas['ShownJob']; etag: string };
  version: number;
  onClose: () => void;
  onReverted: () => void;
}

/** Takes up the settings of an earlier version again, with a reason, after it has shown what that changes. */
export function RevertDialog({ seen: { job, etag }, version, onClose, onReverted }: RevertDialogProps) {
  const { id, config_version } = job;
  const [key] = useState(newKey);
  const [reason, setReason] = useState('');
  const action = useAction();
  const diff = useLoaded(`revert ${id} ${config_version} ${version}`, (signal) =>
    answerOf(
      api.GET('/api/v1/certification-cron/{id}/diff', {
        params: { path: { id }, query: { from: config_version, to: version } },
        signal,
      }),
    ),
  );
  const revert = (): void =>
    action.run(async () => {
      const header = { 'If-Match': etag, 'Idempotency-Key': key };
      await answerOf(
        api.POST('/api/v1/certification-cron/{id}/revert', {
          params: { path: { id }, header },
          body: { version, reason: reason.trim() },
        }),
      );
      onReverted();
    });
  const reasonProblem = action.problem?.fields.get('reason');
  // Of settings that are the same already, or of a job that is no longer as it was seen, there is nothing to revert.
  const isVain = diff.value?.changes.length === 0 || action.problem?.status === 412;
  return (
    <Dialog title={`Revert to version ${version}`} onClose={onClose}>
      <LoadState of={diff}>
        {({ changes }) =>
          changes.length === 0 ? (
            <p class="notice">The settings are those of version {version} already.</p>
          ) : (
            <SettingDiffs changes={changes} titles={['Is now', 'Will be']} />
          )
        }
      </LoadState>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          revert();
        }}
      >
        <label>
          Reason
          <textarea
            required
            maxLength={1_000}
            rows={2}
            value={reason}
            aria-invalid={reasonProblem !== undefined}
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
          {reasonProblem && <span class="field-problem">{reasonProblem}</span>}
        </label>
        <p class="hint">It stands in the history, for everybody who may read it.</p>
        {action.problem && <RevertProblem problem={action.problem} />}
        <div class="row">
          <button type="submit" disabled={action.isRunning || diff.value === undefined || isVain}>
            {action.isRunning ? 'Reverting …' : 'Revert'}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function RevertProblem({ problem }: Pick<Parameters<typeof ProblemNotice>[0], 'problem'>) {
  return (
    <>
      <ProblemNotice problem={problem} />
      {problem.status === 412 && (
        <p>
          Nothing was reverted. Close this dialog: the history shows who has changed what, and you can decide
          anew.
        </p>
      )}
    </>
  );
}
