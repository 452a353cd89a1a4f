import type { ComponentChildren } from 'preact';
import { fieldLabel } from '../show/field-names.js';
import { Field } from '../show/field.js';
import type { JobDraft } from './job-draft.js';
import type { JobForm } from './use-job-form.js';

type TextName = { [F in keyof JobDraft]: string extends JobDraft[F] ? F : never }[keyof JobDraft];

interface TextFieldProps {
  form: JobForm;
  name: TextName;
  hint?: ComponentChildren;
  /** What is wrong with it before anything was sent. */
  problem?: string | undefined;
  /** Of text that has several lines. */
  rows?: number;
  isRequired?: boolean;
  isNumber?: boolean;
  /** The id of a datalist. */
  list?: string;
}

/** A setting that is typed. The service says what is wrong with it, so the browser does not. */
export function TextField(props: TextFieldProps) {
  const { form, name, hint, problem, rows, isRequired, isNumber, list } = props;
  const isSeconds = name.endsWith('_seconds');
  const value = form.draft[name];
  const onInput = ({ currentTarget }: { currentTarget: { value: string } }): void =>
    form.change({ [name]: currentTarget.value });
  return (
    <Field
      label={isSeconds ? `${fieldLabel(name)} (seconds)` : fieldLabel(name)}
      hint={hint}
      problem={form.problems.at.get(name) ?? problem}
    >
      {(aria) =>
        rows === undefined ? (
          <input
            {...aria}
            name={name}
            value={value}
            list={list}
            aria-required={isRequired}
            inputMode={isNumber || isSeconds ? 'numeric' : 'text'}
            autocomplete="off"
            spellcheck={false}
            onInput={onInput}
          />
        ) : (
          <textarea {...aria} name={name} rows={rows} value={value} onInput={onInput} />
        )
      }
    </Field>
  );
}
