import { TextField } from './text-field.js';
import type { JobForm } from './use-job-form.js';

/** Whom the job reminds, and when. */
export function ReminderFields({ form }: { form: JobForm }) {
  return (
    <fieldset class="card">
      <legend>Whom it reminds</legend>
      <div class="grid">
        <TextField
          form={form}
          name="reminder_thresholds"
          hint="days before expiry, such as 30, 14, 7, 1, 0; negative: after it; empty: the default of the service"
        />
        <TextField
          form={form}
          name="max_reminders"
          isNumber
          hint="a run that would ask for more stops and asks for none; 0: no limit; empty: the default of the service"
        />
        <TextField
          form={form}
          name="select_types"
          rows={3}
          hint="only certifications of these types, one a line; empty: of any type"
        />
        <TextField
          form={form}
          name="select_labels"
          rows={3}
          hint="only certifications with one of these labels, one a line; empty: with or without labels"
        />
      </div>
    </fieldset>
  );
}
