import type { Schemas } from '../api/client.js';
import { Instant } from '../show/instant.js';
import { TableHead } from '../show/table-head.js';
import { CertificationLink } from './certification-link.js';
import { DaysLeft } from './days-left.js';
import { thresholdWords } from './days-left-words.js';
import { MentorLink } from './mentor-link.js';
import { shownText } from './shown-text.js';

interface ReminderTableProps {
  rows: readonly (Schemas['ForecastReminder'] & { requested_at?: string })[];
  caption: string;
  /** Of a run: when each was asked for, in the zone of its job. */
  requestedIn?: string | undefined;
}

/** Whom a run would remind, or has reminded. */
export function ReminderTable({ rows, caption, requestedIn }: ReminderTableProps) {
  if (rows.length === 0) return <p>{caption}.</p>;
  const isPast = rows.some(({ requested_at }) => requested_at !== undefined);
  const titles = [
    'Certification',
    'Mentor',
    'Expires',
    isPast ? 'On that day' : 'When',
    'Reminder',
    ...(isPast ? ['Asked for'] : []),
  ];
  return (
    <div class="table cards">
      <table>
        <caption>{caption}</caption>
        <TableHead titles={titles} />
        <tbody>
          {rows.map(({ certification_id, mentor_id, type, expires_at, days_left, ...row }) => (
            <tr key={certification_id}>
              <th scope="row">
                <CertificationLink id={certification_id} />
                {type !== null && (
                  <div class="traits quiet">
                    <bdi>{shownText(type)}</bdi>
                  </div>
                )}
              </th>
              <td class="any-text" data-label="Mentor">
                <MentorLink id={mentor_id} />
              </td>
              <td data-label="Expires">
                <span class="instant">{expires_at}</span>
              </td>
              <td class="any-text" data-label={isPast ? 'On that day' : 'When'}>
                <DaysLeft days={days_left} />
              </td>
              <td class="any-text" data-label="Reminder">
                {thresholdWords(row.threshold_days)}
              </td>
              {isPast && (
                <td data-label="Asked for">
                  <Instant at={row.requested_at} {...(requestedIn && { zone: requestedIn })} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
