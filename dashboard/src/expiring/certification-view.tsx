import { answerOf, api } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { place } from '../place/place.js';
import { LoadState } from '../show/load-state.js';
import { AskedReminders } from './asked-reminders.js';
import { OutlookTable } from './outlook-table.js';
import { PagePager } from './page-pager.js';
import { RecordFacts } from './record-facts.js';
import { isStep, shownText } from './shown-text.js';
import { VerdictNotice } from './verdict-notice.js';

/** Why one record is reminded of, and when, or why not. */
export function CertificationView({ id }: { id: string }) {
  return (
    <>
      <h2>
        Why <bdi>{shownText(id)}</bdi> is reminded of, or not
      </h2>
      {isStep(id) ? (
        <p class="notice">
          No browser can ask for a certification of this id. On the machine of the service the command line
          can: <code>certification-cron explain {id}</code>.
        </p>
      ) : (
        <Explained id={id} />
      )}
    </>
  );
}

function Explained({ id }: { id: string }) {
  const { page } = place.value.query;
  const loaded = useLoaded(
    `certification ${page ?? ''}`,
    (signal) =>
      answerOf(
        api.GET('/api/v1/certification-cron/certifications/{certification_id}', {
          params: { path: { certification_id: id }, query: page ? { page: page as never } : {} },
          signal,
        }),
      ),
    ({ type }) => type === 'RunCompleted' || type.startsWith('CronJob'),
  );
  return (
    <LoadState of={loaded}>
      {(certification) => (
        <>
          <RecordFacts record={certification} />
          {certification.unreadable === null && (
            <>
              <VerdictNotice
                jobs={certification.jobs}
                isPart={certification.pagination.total > certification.jobs.length}
              />
              <OutlookTable jobs={certification.jobs} />
              <PagePager pagination={certification.pagination} />
            </>
          )}
          <AskedReminders certification={certification} />
        </>
      )}
    </LoadState>
  );
}
