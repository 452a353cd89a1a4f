import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Dialog } from '../show/dialog.js';
import { Field } from '../show/field.js';
import { ProblemNotice } from '../show/problem-notice.js';
import { useAction } from '../show/use-action.js';

interface ReasonedDialogProps {
  title: string;
  /** On the button that does it. */
  verb: string;
  /** It takes something away. */
  isDanger?: boolean;
  /** The service does it for a reason alone. */
  needsReason?: boolean;
  /** Does it; `reason` is null where none was given. What it throws is shown, and the dialog stays. */
  act: (reason: string | null) => Promise<void>;
  onClose: () => void;
  /** What it means, and what else is asked for. */
  children: ComponentChildren;
}

/** Asks for the reason of a write, and does it. */
export function ReasonedDialog({
  title,
  verb,
  isDanger = false,
  needsReason = false,
  act,
  onClose,
  children,
}: ReasonedDialogProps) {
  const [reason, setReason] = useState('');
  const { isRunning, problem, run } = useAction();
  const submit = (event: Event): void => {
    event.preventDefault();
    run(async () => {
      await act(reason.trim() || null);
      onClose();
    });
  };
  return (
    <Dialog title={title} isBusy={isRunning} onClose={onClose}>
      <form onSubmit={submit}>
        {problem && <ProblemNotice problem={problem} />}
        {children}
        <Field
          label={needsReason ? 'Reason' : 'Reason (optional)'}
          hint="The history keeps it, and who gave it."
          problem={problem?.fields.get('reason')}
        >
          {(aria) => (
            <textarea
              {...aria}
              rows={2}
              maxLength={1000}
              required={needsReason}
              value={reason}
              onInput={({ currentTarget }) => setReason(currentTarget.value)}
            />
          )}
        </Field>
        <div class="row buttons">
          <button type="submit" class={isDanger ? 'danger' : ''} disabled={isRunning}>
            {verb}
          </button>
          <button type="button" disabled={isRunning} onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
