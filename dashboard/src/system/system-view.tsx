import { may } from '../api/session.js';
import { Title } from '../show/title.js';
import { FailedRuns } from './failed-runs.js';
import { JobAttention } from './job-attention.js';
import { LatenessCard } from './lateness-card.js';
import { LeaderCard } from './leader-card.js';
import { NewestEvents } from './newest-events.js';
import { NumbersCard } from './numbers-card.js';
import { ReadinessCard } from './readiness-card.js';

/** How the service itself is: what is down, who leads, how far things have come, and what should be looked at. */
export function SystemView() {
  return (
    <>
      <Title of={['System']} />
      <h1>System</h1>
      {may('read') && <JobAttention />}
      <div class="grid system">
        <ReadinessCard />
        {may('read') && <LeaderCard />}
        {may('read') && <LatenessCard />}
      </div>
      {may('read') ? (
        <>
          <NumbersCard />
          <FailedRuns />
          <NewestEvents />
        </>
      ) : (
        <p class="notice">
          The rest needs the scope <code>read</code>, which your credential does not have.
        </p>
      )}
    </>
  );
}
