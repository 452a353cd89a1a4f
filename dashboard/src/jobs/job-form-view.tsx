import { useState } from 'preact/hooks';
import { may } from '../api/session.js';
import type { ShownJob } from '../job/load-job.js';
import { JobForm } from '../job-form/job-form.js';
import { hrefOf } from '../place/parse-place.js';
import { Title } from '../show/title.js';

/** @param shown the job that is changed; undefined: one is created */
export function JobFormView({ shown }: { shown?: ShownJob }) {
  // One that is deleted while it is edited keeps its form, and what was entered there.
  const [wasThere] = useState(shown === undefined || shown.etag !== undefined);
  return (
    <>
      {shown === undefined && <Title of={['New job']} />}
      {shown === undefined ? <h1>New job</h1> : <h2>Change the job</h2>}
      {!may('write') ? (
        <p class="notice">
          This needs the scope <code>write</code>, which your credential does not have.
        </p>
      ) : wasThere ? (
        <JobForm shown={shown} />
      ) : (
        <p class="notice">
          Only a job as it is now can be changed.{' '}
          <a href={hrefOf(['jobs', shown?.job.id ?? ''])}>To the job</a>
        </p>
      )}
    </>
  );
}
