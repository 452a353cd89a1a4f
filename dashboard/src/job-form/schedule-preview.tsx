import { Instant } from '../show/instant.js';
import type { Preview } from './use-preview.js';

/** When a schedule comes up, in words and by the clock, and what changes of the clock do to it. */
export function SchedulePreview({ of: { shown, problem, isOld } }: { of: Preview }) {
  return (
    <section class="preview" aria-label="Preview of the schedule" aria-busy={isOld}>
      <div role="status">
        {problem === undefined && shown === undefined && (
          <p class="quiet">{isOld ? 'Computing the next slots …' : 'The next slots are shown here.'}</p>
        )}
        {problem !== undefined && (
          <p class="quiet">
            {problem.fields.size > 0 ? 'No slots: see the field.' : `No slots: ${problem.message}.`}
          </p>
        )}
        {shown !== undefined && (
          <p>
            <strong>{shown.description ?? shown.cron_expression}</strong>{' '}
            <span class="quiet">in {shown.time_zone}</span>
          </p>
        )}
      </div>
      {shown !== undefined && (
        <>
          <ol>
            {shown.data.map(({ slot, note }) => (
              <li key={slot}>
                <Instant at={slot} zone={shown.time_zone} />
                {note !== null && <div class="slot-note">{note}</div>}
              </li>
            ))}
          </ol>
          {shown.notes.length === 0 ? (
            <p class="quiet">No clock change touches it within a year.</p>
          ) : (
            <>
              <p>Clock changes within a year:</p>
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
