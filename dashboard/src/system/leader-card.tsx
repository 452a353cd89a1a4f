import { answerOf, api, type Schemas } from '../api/client.js';
import { usePolled } from '../api/use-polled.js';
import { Badge } from '../show/badge.js';
import { Instant } from '../show/instant.js';
import { LoadState } from '../show/load-state.js';

type Leader = Schemas['Leader'];

/** What nobody leads for, in words; `held` says nothing that is not shown. */
const WITHOUT: Readonly<Record<Exclude<Leader['status'], 'held'>, string>> = {
  released: 'The last leader has stopped; another instance takes over in a moment.',
  expired: 'The leader has not been heard in time. No slot is started until another instance leads.',
  none: 'No instance has led yet.',
  unknown: 'The event log has not answered yet, so nobody knows who leads.',
};

/** Which instance starts the slots, as the one that answers sees it. */
export function LeaderCard() {
  const leader = usePolled(
    'leader',
    (signal) => answerOf(api.GET('/api/v1/certification-cron/leader', { signal })),
    () => false,
  );
  return (
    <section class="card" aria-labelledby="leader">
      <h2 id="leader">Leader</h2>
      <LoadState of={leader}>{(value) => <LeaderFacts of={value} />}</LoadState>
    </section>
  );
}

function LeaderFacts({ of: { instance, leading, status, holder, term, since } }: { of: Leader }) {
  return (
    <>
      {status !== 'held' && <p class="notice bad">{WITHOUT[status]}</p>}
      <dl class="facts">
        <dt>Leads</dt>
        <dd>
          {status === 'held' ? <code>{holder}</code> : 'nobody'}
          {leading && ', the one that answers'}
        </dd>
        <dt>Lease</dt>
        <dd>
          <Badge of={status} tone={status === 'held' ? 'good' : 'bad'} />
        </dd>
        <dt>Term</dt>
        <dd>{term ?? 'none yet'}</dd>
        <dt>Since</dt>
        <dd>
          <Instant at={since} />
        </dd>
        <dt>Answers</dt>
        <dd>
          <code>{instance}</code>
        </dd>
      </dl>
    </>
  );
}
