import type { Schemas } from '../api/client.js';
import { hrefOf } from '../place/parse-place.js';
import { Badge } from '../show/badge.js';
import { CertificationLink } from './certification-link.js';
import { DaysLeft } from './days-left.js';
import { MentorLink } from './mentor-link.js';
import { RecordTraits } from './record-traits.js';

interface RecordRowProps {
  record: Schemas['CertificationInList'];
  /** What the list is narrowed by: links narrow it further. */
  query: Readonly<Record<string, string>>;
}

export function RecordRow({ record, query }: RecordRowProps) {
  const { certification_id: id, mentor_id, expires_at, days_left, status, unreadable } = record;
  const isReadable = unreadable === null;
  return (
    <tr>
      <th scope="row">
        {id === null ? <span class="quiet">without an id</span> : <CertificationLink id={id} />}
        <RecordTraits
          of={record}
          hrefWith={(filter) => hrefOf(['expiring'], { ...query, cursor: '', ...filter })}
        />
        {!isReadable && <div class="field-problem">No run can read it: {unreadable}</div>}
      </th>
      <td class="any-text" data-label="Mentor">
        {isReadable && mentor_id !== null ? <MentorLink id={mentor_id} query={query} /> : mentor_id}
      </td>
      <td data-label="Expires">
        <span class="instant">{expires_at}</span>
      </td>
      <td data-label="When">
        <DaysLeft days={days_left} />
      </td>
      <td data-label="Status">
        {typeof status === 'string' && <Badge of={status} tone={status === 'active' ? 'quiet' : 'odd'} />}
        {record.renewable_from !== null && <div class="quiet">renewable from {record.renewable_from}</div>}
      </td>
    </tr>
  );
}
