import type { Schemas } from '../api/client.js';
import { hrefOf } from '../place/parse-place.js';
import { Badge } from '../show/badge.js';
import { DaysLeft } from './days-left.js';
import { MentorLink } from './mentor-link.js';
import { RecordTraits } from './record-traits.js';

/** A record as the registry has it. */
export function RecordFacts({ record }: { record: Schemas['Certification'] }) {
  const { mentor_id, expires_at, days_left, status, renewable_from, unreadable, type, labels } = record;
  return (
    <div class="card">
      {unreadable !== null && <p class="notice bad">No run can read this record: {unreadable}</p>}
      <dl class="facts">
        <dt>Mentor</dt>
        <dd>{unreadable === null && mentor_id !== null ? <MentorLink id={mentor_id} /> : mentor_id}</dd>
        <dt>Expires</dt>
        <dd>
          {expires_at}
          {days_left !== null && (
            <>
              , <DaysLeft days={days_left} />
            </>
          )}
        </dd>
        <dt>Status</dt>
        <dd>
          {typeof status === 'string' && <Badge of={status} tone={status === 'active' ? 'good' : 'odd'} />}
          {renewable_from !== null && ` renewable from ${renewable_from}`}
        </dd>
        {(type !== null || (labels?.length ?? 0) > 0) && (
          <>
            <dt>Type, labels</dt>
            <dd>
              <RecordTraits of={record} hrefWith={(filter) => hrefOf(['expiring'], { ...filter })} />
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}
