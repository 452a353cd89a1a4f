import type { Schemas } from '../api/client.js';
import { fieldLabel } from '../show/field-names.js';
import { limitWords, selectionWords, thresholdWords } from './run-words.js';

/** What decided whom a run reminds: as it was when it began, whatever the job is set to now. */
export function RunRules({ rules }: { rules: Schemas['RunRules'] }) {
  return (
    <section class="card">
      <h3>Rules</h3>
      <p class="quiet">As they were when the run began.</p>
      <dl class="facts">
        <dt>Reminds</dt>
        <dd>{thresholdWords(rules.reminder_thresholds)}</dd>
        <dt>{fieldLabel('select')}</dt>
        <dd>{rules.select === null ? 'all records' : selectionWords(rules.select)}</dd>
        <dt>{fieldLabel('max_reminders')}</dt>
        <dd>{limitWords(rules)}</dd>
        <dt>{fieldLabel('time_zone')}</dt>
        <dd>{rules.time_zone}</dd>
      </dl>
    </section>
  );
}
