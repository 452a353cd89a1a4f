import { useEffect, useRef } from 'preact/hooks';
import type { ShownJob } from '../job/load-job.js';
import { hrefOf } from '../place/parse-place.js';
import { fieldLabel } from '../show/field-names.js';
import { Field } from '../show/field.js';
import { ConflictNotice } from './conflict-notice.js';
import { MoreFields } from './more-fields.js';
import { ReminderFields } from './reminder-fields.js';
import { SaveProblem } from './save-problem.js';
import { ScheduleFields } from './schedule-fields.js';
import { TextField } from './text-field.js';
import { useJobForm } from './use-job-form.js';

/** @param shown the job that is changed; undefined: one is created */
export function JobForm({ shown }: { shown: ShownJob | undefined }) {
  const form = useJobForm(shown);
  const { newer, problem, seen, said, isSaving } = form;
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (problem) goToFirstProblem(element.current);
  }, [problem]);
  useEffect(() => {
    // The buttons of a conflict go away with it.
    if (said !== '') element.current?.querySelector<HTMLElement>('button[type="submit"]')?.focus();
  }, [seen]);
  return (
    <form
      ref={element}
      class="job-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        form.save();
      }}
    >
      <fieldset class="card">
        <legend>Job</legend>
        <div class="grid">
          <div>
            <TextField form={form} name="name" isRequired />
            <TextField form={form} name="description" rows={2} />
          </div>
          <TextField
            form={form}
            name="labels"
            rows={4}
            hint="one a line, to find the job by; they decide nothing else"
          />
        </div>
        <label>
          <input
            type="checkbox"
            name="enabled"
            checked={form.draft.enabled}
            onChange={({ currentTarget }) => form.change({ enabled: currentTarget.checked })}
          />
          {fieldLabel('enabled')}
          <span class="hint"> – a disabled job starts no slots, and may still be run by hand</span>
        </label>
      </fieldset>
      <ScheduleFields form={form} />
      <ReminderFields form={form} />
      <MoreFields form={form} />
      {seen !== undefined && (
        <Field
          label="Reason of the change (optional)"
          hint="The history keeps it, and who gave it."
          problem={form.problems.at.get('reason')}
        >
          {(aria) => (
            <textarea
              {...aria}
              name="reason"
              rows={2}
              value={form.reason}
              onInput={({ currentTarget }) => form.changeReason(currentTarget.value)}
            />
          )}
        </Field>
      )}
      {newer !== undefined && <ConflictNotice form={form} newer={newer} />}
      {newer === undefined && problem !== undefined && <SaveProblem problem={problem} of={form.problems} />}
      <p role="status">{said}</p>
      <div class="row">
        <button type="submit" disabled={isSaving || newer !== undefined}>
          {seen === undefined ? 'Create the job' : 'Save the changes'}
        </button>
        <a class="button" href={hrefOf(seen === undefined ? ['jobs'] : ['jobs', seen.job.id])}>
          Cancel
        </a>
      </div>
    </form>
  );
}

/** Where the service has found the first thing wrong, or where a conflict is settled. */
function goToFirstProblem(form: HTMLFormElement | null): void {
  const wrong = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  const folded = wrong?.closest('details');
  if (folded) folded.open = true;
  (wrong ?? form?.querySelector<HTMLElement>('.conflict button'))?.focus();
}
