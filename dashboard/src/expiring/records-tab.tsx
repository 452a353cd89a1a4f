import { api } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { place } from '../place/place.js';
import { CursorPager } from '../show/cursor-pager.js';
import { LoadState } from '../show/load-state.js';
import { TableHead } from '../show/table-head.js';
import { CsvButton } from './csv-button.js';
import { jsonOf } from './json-of.js';
import { ExplainForm } from './explain-form.js';
import { RecordFilters } from './record-filters.js';
import { recordQuery, wholeQuery } from './record-query.js';
import { RecordRow } from './record-row.js';

/** The records of the registry, by the filters in the address. No event tells of them: they are asked when they are shown. */
export function RecordsTab() {
  const { query } = place.value;
  const asked = recordQuery(query);
  const list = useLoaded(JSON.stringify(asked), (signal) =>
    jsonOf(
      api.GET('/api/v1/certification-cron/certifications', {
        params: { query: { ...asked, limit: 20 } },
        signal,
      }),
    ),
  );
  return (
    <>
      <ExplainForm />
      <RecordFilters query={query} />
      <LoadState of={list}>
        {({ data, pagination }) => (
          <>
            {data.length === 0 ? (
              <p>No record fits these filters.</p>
            ) : (
              <div class="table cards">
                <table>
                  <caption>
                    By expiry, in days of UTC. Each record says why it is reminded of, or not.
                  </caption>
                  <TableHead titles={['Certification', 'Mentor', 'Expires', 'When', 'Status']} />
                  <tbody>
                    {data.map((record, index) => (
                      <RecordRow key={record.certification_id ?? index} record={record} query={query} />
                    ))}
                  </tbody>
                </table>
              </div>
            )}
            <div class="row spread">
              <CursorPager next={pagination.next_cursor} />
              <CsvButton
                name="certifications.csv"
                ask={(file) =>
                  api.GET('/api/v1/certification-cron/certifications', {
                    params: { query: wholeQuery(query) },
                    ...file,
                  })
                }
              />
            </div>
          </>
        )}
      </LoadState>
    </>
  );
}
