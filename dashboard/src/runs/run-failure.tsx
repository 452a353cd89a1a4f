import { ConfirmReminders } from '../actions/confirm-reminders.js';
import type { Schemas } from '../api/client.js';
import { may } from '../api/session.js';
import { hrefOf } from '../place/parse-place.js';
import { errorWords } from './run-words.js';

interface RunFailureProps {
  job: Schemas['ShownJob'];
  error: Schemas['RunError'];
}

/** Why a run has failed; where the brake has stopped it, what to look at, and how to let it through. */
export function RunFailure({ job, error }: RunFailureProps) {
  const { code, message, reminders, limit } = error;
  return (
    <div class="notice bad">
      <p>
        <strong>{code.replaceAll('_', ' ')}</strong>: {errorWords(code)}
      </p>
      <p class="words">{message}</p>
      {code === 'too_many_reminders' && (
        <>
          <p>
            A wrong import looks like this, and so does a large one that is right.{' '}
            {may('people') && (
              <a href={hrefOf(['expiring', 'forecast'], { job: job.id })}>See whom a run would remind now</a>
            )}
          </p>
          {reminders !== undefined && limit !== undefined && !job.deleted_at && (
            <ConfirmReminders job={job} wouldBe={reminders} limit={limit} />
          )}
        </>
      )}
    </div>
  );
}
