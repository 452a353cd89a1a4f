import { Field } from '../show/field.js';
import { TextField } from './text-field.js';
import type { JobForm } from './use-job-form.js';

const CATCH_UP = { latest: 'only the latest starts', all: 'each starts', skip: 'none starts' };
const BESIDE = { forbid: 'no other starts', allow: 'others may start' };

/** What few jobs need to say: late slots, runs that overlap, runs that take too long. */
export function MoreFields({ form }: { form: JobForm }) {
  return (
    <details class="card">
      <summary>More: late slots, and runs that overlap or take long</summary>
      <div class="grid">
        <Choice form={form} name="catchup_policy" label="Of slots that are late" options={CATCH_UP} />
        <TextField
          form={form}
          name="misfire_grace_seconds"
          label="Late after (seconds)"
          isNumber
          hint="up to so much after its time a slot is on time"
        />
        <TextField
          form={form}
          name="catchup_window_seconds"
          label="Never started after (seconds)"
          isNumber
          hint="slots older than this are skipped"
        />
        <Choice form={form} name="concurrency_policy" label="While a run is open" options={BESIDE} />
        <TextField
          form={form}
          name="timeout_seconds"
          label="A run may take (seconds)"
          isNumber
          hint="one without a result by then has failed"
        />
      </div>
    </details>
  );
}

interface ChoiceProps {
  form: JobForm;
  name: 'catchup_policy' | 'concurrency_policy';
  label: string;
  options: Readonly<Record<string, string>>;
}

function Choice({ form, name, label, options }: ChoiceProps) {
  return (
    <Field label={label} problem={form.problems.at.get(name)}>
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
