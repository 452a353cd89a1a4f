import { may } from '../api/session.js';
import { place } from '../place/place.js';
import { FirstJob } from './first-job.js';
import { ForecastOfJob } from './forecast-of-job.js';
import { ForecastOn } from './forecast-on.js';
import { JobChoice } from './job-choice.js';
import { ReadNeeded } from './read-needed.js';

/** Whom a run of a job will remind. The address names the job and the day. */
export function ForecastTab() {
  const { job, on } = place.value.query;
  if (!may('read'))
    return (
      <>
        <ReadNeeded />
        {job !== undefined && <ForecastOn key={`${job} ${on ?? ''}`} id={job} on={on} />}
      </>
    );
  return (
    <div class="beside">
      <div>{job === undefined ? <FirstJob /> : <ForecastOfJob key={job} id={job} />}</div>
      <JobChoice chosen={job} />
    </div>
  );
}
