import { fieldLabel } from '../show/field-names.js';
import { Field } from '../show/field.js';
import { TextField } from './text-field.js';
import type { JobForm } from './use-job-form.js';

const LATE = { latest: 'only the latest starts', all: 'each starts', skip: 'none starts' };
const OVERLAP = { forbid: 'no run starts while another is open', allow: 'runs may overlap' };

/** What few jobs need to say: late slots, runs that overlap, runs that take too long. */
export function MoreFields({ form }: { form: JobForm }) {
  return (
    <details class="card">
      <summary>More: late slots, and runs that overlap or take long</summary>
      <div class="grid">
        <Choice form={form} name="catchup_policy" options={LATE} />
        <TextField form={form} name="misfire_grace_seconds" hint="a slot that starts within it is on time" />
        <TextField form={form} name="catchup_window_seconds" hint="older slots are skipped" />
        <Choice form={form} name="concurrency_policy" options={OVERLAP} />
        <TextField form={form} name="timeout_seconds" hint="a run without a result by then has failed" />
      </div>
    </details>
  );
}

interface ChoiceProps {
  form: JobForm;
  name: 'catchup_policy' | 'concurrency_policy';
  options: Readonly<Record<string, string>>;
}

function Choice({ form, name, options }: ChoiceProps) {
  return (
    <Field label={fieldLabel(name)} problem={form.problems.at.get(name)}>
      {(aria) => (
        <select
          {...aria}
          name={name}
          value={form.draft[name]}
          onChange={({ currentTarget }) => form.change({ [name]: currentTarget.value })}
        >
          {Object.entries(options).map(([value, words]) => (
            <option key={value} value={value}>
              {value}: {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
