import { SchedulePreview } from './schedule-preview.js';
import { TextField } from './text-field.js';
import type { JobForm } from './use-job-form.js';
import { usePreview } from './use-preview.js';

const ZONES = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

/** When the job comes up: its expression and its zone, with what they mean while they are typed. */
export function ScheduleFields({ form }: { form: JobForm }) {
  const { cron_expression, time_zone } = form.draft;
  const preview = usePreview(cron_expression, time_zone);
  const problems = preview.problem?.fields;
  return (
    <fieldset class="card">
      <legend>When it runs</legend>
      <div class="grid">
        <div>
          <TextField
            form={form}
            name="cron_expression"
            isRequired
            problem={problems?.get('cron_expression')}
            hint={
              <>
                minute, hour, day of month, month, day of week: <code>0 2 * * *</code> is each day at 02:00,{' '}
                <code>0 6 * * MON</code> Mondays at 06:00
              </>
            }
          />
          <TextField
            form={form}
            name="time_zone"
            list="time-zones"
            isRequired
            problem={problems?.get('time_zone')}
            hint="of the schedule, and of the days that are counted to an expiry"
          />
          <datalist id="time-zones">
            {ZONES.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </div>
        <SchedulePreview of={preview} />
      </div>
    </fieldset>
  );
}
