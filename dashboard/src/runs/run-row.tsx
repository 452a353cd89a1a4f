import type { ComponentChildren } from 'preact';
import type { Schemas } from '../api/client.js';
import { hrefOf } from '../place/parse-place.js';
import { Badge } from '../show/badge.js';
import { Instant } from '../show/instant.js';
import { Nothing } from '../show/nothing.js';
import { count } from '../show/show-duration.js';
import { durationOf, durationWords } from './run-facts.js';
import { RunReminders } from './run-reminders.js';
import { RunTrigger } from './run-trigger.js';

export function RunRow({ run, zone }: { run: Schemas['RunInList']; zone: string }) {
  const { result, error } = run;
  const href = hrefOf(['jobs', run.cron_id, 'runs', run.run_id]);
  const ms = durationOf(run);
  const warnings = result?.warnings.length;
  return (
    <tr>
      <th scope="row">
        <a href={href}>
          <Instant at={run.started_at} zone={zone} none="not known yet" />
        </a>
      </th>
      <td data-label="Trigger">
        <div class="clamped">
          <RunTrigger run={run} zone={zone} />
        </div>
      </td>
      <td data-label="Result">
        <Badge of={run.status} /> {run.dry_run === true && <Badge of="dry run" />}
        {error !== null && <div class="quiet words">{error.code.replaceAll('_', ' ')}</div>}
      </td>
      <NumberCell label="Duration">{ms === undefined ? undefined : durationWords(ms)}</NumberCell>
      <NumberCell label="Mentors">{result && count(result.mentors_checked)}</NumberCell>
      <NumberCell label="Records">
        {typeof result?.records_checked === 'number' && count(result.records_checked)}
      </NumberCell>
      <NumberCell label="Reminders">
        <RunReminders run={run} />
      </NumberCell>
      <NumberCell label="Errors">{result && count(result.errors)}</NumberCell>
      <NumberCell label="Warnings">
        {warnings !== undefined && warnings > 0 ? <a href={href}>{warnings}</a> : warnings}
      </NumberCell>
    </tr>
  );
}

/** A number, or a line where there is none. */
function NumberCell({ label, children }: { label: string; children: ComponentChildren }) {
  const isTold = children !== undefined && children !== null && children !== false;
  return (
    <td class="number" data-label={label}>
      {isTold ? children : <Nothing />}
    </td>
  );
}
