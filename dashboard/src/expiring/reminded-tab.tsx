import { may } from '../api/session.js';
import { place } from '../place/place.js';
import { ReadNeeded } from './read-needed.js';
import { RemindersOfRun } from './reminders-of-run.js';
import { RunOfReminders } from './run-of-reminders.js';
import { RunsOfAll } from './runs-of-all.js';
import { RunsOfJob } from './runs-of-job.js';

/** Who was reminded: the runs that have asked for reminders, and those of one of them. The address names it. */
export function RemindedTab() {
  const { job, run } = place.value.query;
  const mayRead = may('read');
  if (job !== undefined && run !== undefined)
    return mayRead ? (
      <RunOfReminders key={run} id={job} runId={run} />
    ) : (
      <>
        <ReadNeeded />
        <RemindersOfRun key={run} id={job} runId={run} zone={undefined} />
      </>
    );
  if (!mayRead) return <ReadNeeded />;
  return job === undefined ? <RunsOfAll /> : <RunsOfJob key={job} id={job} />;
}
