import type { Schemas } from '../api/client.js';
import { limitWords, selectionWords, thresholdWords } from './run-words.js';

/** What decided whom a run reminds: as it was when it began, whatever the job is set to now. */
export function RunRules({ rules }: { rules: Schemas['RunRules'] }) {
  return (
    <section class="card">
      <h3>Rules</h3>
      <p class="quiet">As they were when it began. The job may be set to others now.</p>
      <dl class="facts">
        <dt>Reminds</dt>
        <dd>{thresholdWords(rules.reminder_thresholds)}</dd>
        <dt>Only</dt>
        <dd>{rules.select === null ? 'all records' : selectionWords(rules.select)}</dd>
        <dt>Reminders of a run</dt>
        <dd>{limitWords(rules)}</dd>
        <dt>Days are of</dt>
        <dd>{rules.time_zone}</dd>
      </dl>
    </section>
  );
}
