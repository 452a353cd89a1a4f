import type { Schemas } from '../api/client.js';
import { may } from '../api/session.js';
import { hrefOf } from '../place/parse-place.js';
import { Badge } from '../show/badge.js';
import { TableHead } from '../show/table-head.js';
import { CertificationLink } from './certification-link.js';
import { nextWords, todayWords } from './outlook-words.js';

/** What each job will do about a record. */
export function OutlookTable({ jobs }: { jobs: readonly Schemas['OutlookOfJob'][] }) {
  if (jobs.length === 0) return <p>There is no job that could remind of it.</p>;
  return (
    <div class="table cards">
      <table>
        <caption>What each job will do, if nothing changes</caption>
        <TableHead titles={['Job', 'Next reminder', 'Today']} />
        <tbody>
          {jobs.map((outlook) => (
            <tr key={outlook.cron_id}>
              <th scope="row">
                {may('read') ? (
                  <a href={hrefOf(['jobs', outlook.cron_id])}>
                    <bdi>{outlook.name}</bdi>
                  </a>
                ) : (
                  <bdi>{outlook.name}</bdi>
                )}{' '}
                <Badge of={outlook.status} />
              </th>
              <td data-label="Next reminder">{nextWords(outlook)}</td>
              <td class="any-text" data-label="Today">
                {todayWords(outlook)}
                {outlook.superseded_by !== null && (
                  <>
                    {' '}
                    Renewed by <CertificationLink id={outlook.superseded_by} />.
                  </>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
