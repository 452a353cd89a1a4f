import type { Schemas } from '../api/client.js';
import { may } from '../api/session.js';
import { hrefOf } from '../place/parse-place.js';
import { count } from '../show/show-duration.js';
import { countedReasons } from './reason-words.js';

/** Why a run leaves out the records that it does not remind of: each counts under the first reason that holds. */
export function LeftOut({ reasons }: { reasons: Schemas['RunReasons'] }) {
  const counted = countedReasons(reasons);
  if (counted.length === 0) return null;
  return (
    <details open>
      <summary>Why the others are not reminded</summary>
      <ul class="reasons">
        {counted.map(({ reason, counted: words, records }) => (
          <li key={reason}>
            <ReasonCount reason={reason} records={records} /> {words}
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Leads to the records that it counts, where a filter of the records finds just those. */
function ReasonCount({ reason, records }: { reason: string; records: number }) {
  const shown = <strong>{count(records)}</strong>;
  if (!may('people') || (reason !== 'suspended' && reason !== 'withdrawn')) return shown;
  return <a href={hrefOf(['expiring'], { status: reason })}>{shown}</a>;
}
