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
          label="Days before expiry"
          hint="such as 30, 14, 7, 1, 0; negative ones are after it; empty: the days of the service"
        />
        <TextField
          form={form}
          name="max_reminders"
          label="Reminders of a run, at most"
          isNumber
          hint="a run that would ask for more asks for none; 0: no limit; empty: the limit of the service"
        />
        <TextField
          form={form}
          name="select_types"
          label="Only certifications of these types"
          rows={3}
          hint="one a line; empty: of any type"
        />
        <TextField
          form={form}
          name="select_labels"
          label="Only certifications with one of these labels"
          rows={3}
          hint="one a line; empty: with any, or none"
        />
      </div>
    </fieldset>
  );
}
