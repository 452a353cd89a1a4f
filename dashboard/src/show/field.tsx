import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** What ties a control to its label, its hint and its problem. */
export interface ControlAria {
  id: string;
  'aria-invalid': true | undefined;
  'aria-describedby': string | undefined;
}

interface FieldProps {
  label: string;
  hint?: ComponentChildren;
  /** What is wrong with what was entered. */
  problem?: string | undefined;
  children: (aria: ControlAria) => ComponentChildren;
}

/** A control with its label, and below it what is wrong with its value, and what may be entered. */
export function Field({ label, hint, problem, children }: FieldProps) {
  const id = useId();
  const described = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-invalid': problem ? true : undefined,
        'aria-describedby': described || undefined,
      })}
      {problem && (
        <p id={`${id}-problem`} class="field-problem">
          {problem}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
    </div>
  );
}
