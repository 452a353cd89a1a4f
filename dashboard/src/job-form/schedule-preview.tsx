import { Instant } from '../show/instant.js';
import type { Preview } from './use-preview.js';

/** When a schedule comes up, in words and by the clock, and what changes of the clock do to it. */
export function SchedulePreview({ of: { shown, problem, isOld } }: { of: Preview }) {
  return (
    <section class="preview" aria-label="Preview of the schedule" aria-live="polite" aria-busy={isOld}>
      {problem === undefined && shown === undefined && (
        <p class="quiet">{isOld ? 'Computing the next slots …' : 'The next slots will be shown here.'}</p>
      )}
      {problem !== undefined && (
        <p class="quiet">
          {problem.fields.size > 0
            ? 'There is no slot to show: see the field.'
            : `No slot to show: ${problem.message}.`}
        </p>
      )}
      {shown !== undefined && (
        <>
          <p>
            <strong>{shown.description ?? shown.cron_expression}</strong>{' '}
            <span class="quiet">in {shown.time_zone}</span>
          </p>
          <ol>
            {shown.data.map(({ slot, note }) => (
              <li key={slot}>
                <Instant at={slot} zone={shown.time_zone} />
                {note !== null && <div class="slot-note">{note}</div>}
              </li>
            ))}
          </ol>
          {shown.notes.length === 0 ? (
            <p class="quiet">No change of the clock touches it within a year.</p>
          ) : (
            <>
              <p>Changes of the clock within a year:</p>
              <ul>
                {shown.notes.map((note) => (
                  <li key={note} class="slot-note">
                    {note}
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </section>
  );
}
