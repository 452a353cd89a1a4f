import type { ComponentChildren } from 'preact';
import type { Schemas } from '../api/client.js';
import { count } from '../show/show-duration.js';
import { LeftOut } from './left-out.js';
import { RunReminders } from './run-reminders.js';
import { warningWords } from './run-words.js';

/** What a run has counted, and what it warns of. */
export function RunResult({ run, result }: { run: Schemas['Run']; result: Schemas['RunResult'] }) {
  const isDry = run.dry_run === true;
  // What it has failed with is told already.
  const warnings = result.warnings.filter(({ code }) => code !== run.error?.code);
  return (
    <>
      {warnings.map((warning) => (
        <p key={warning.code} class="notice">
          <strong>Warning</strong>: {warningWords(warning, { isDry })}
        </p>
      ))}
      <section class="card">
        <h3>Result</h3>
        <dl class="figures">
          <Figure title="mentors checked">{count(result.mentors_checked)}</Figure>
          <Figure title="records checked">
            {result.records_checked === null ? 'not told' : count(result.records_checked)}
          </Figure>
          <Figure title={isDry ? 'reminders, had it been a real run' : 'reminders asked for'}>
            <RunReminders run={run} />
          </Figure>
          <Figure title="records not readable">{count(result.errors)}</Figure>
        </dl>
        {result.errors > 0 && (
          <p class="quiet">
            The log of the service names each record that it could not read, with the reason.
          </p>
        )}
        {result.reasons === null ? (
          <p class="quiet">
            Why the others got no reminder is not on record: another executor or an earlier version made the
            run.
          </p>
        ) : (
          <LeftOut reasons={result.reasons} />
        )}
      </section>
    </>
  );
}

function Figure({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
