import { useState } from 'preact/hooks';
import { serviceTime } from '../api/service-clock.js';
import { hrefOf } from '../place/parse-place.js';
import { goTo } from '../place/place.js';
import { viewerZone } from '../show/show-instant.js';

/** Leads to the job as it was at any time, which is typed in the zone of the viewer. */
export function AsOfForm({ job }: { job: string }) {
  const [local, setLocal] = useState('');
  const [problem, setProblem] = useState('');
  const show = (): void => {
    const at = new Date(local);
    if (Number.isNaN(at.getTime())) setProblem('must be a date and a time');
    else if (at.getTime() > serviceTime(Date.now())) setProblem('must not be in the future');
    else goTo(hrefOf(['jobs', job], { as_of: at.toISOString() }));
  };
  return (
    <form
      class="row end as-of"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        show();
      }}
    >
      <label>
        The job as it was at <span class="quiet">({viewerZone()})</span>
        <input
          type="datetime-local"
          step={1}
          required
          value={local}
          aria-invalid={problem !== ''}
          onInput={({ currentTarget }) => {
            setLocal(currentTarget.value);
            setProblem('');
          }}
        />
        {problem !== '' && (
          <span class="field-problem" role="alert">
            {problem}
          </span>
        )}
      </label>
      <button type="submit">Show</button>
    </form>
  );
}
