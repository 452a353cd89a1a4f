import { api } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { hrefOf } from '../place/parse-place.js';
import { place } from '../place/place.js';
import { CursorPager } from '../show/cursor-pager.js';
import { LoadState } from '../show/load-state.js';
import { CsvButton } from './csv-button.js';
import { jsonOf } from './json-of.js';
import { ReminderTable } from './reminder-table.js';
import { ResultCounts } from './result-counts.js';

const MAY_CHANGE_IT = ['RunCompleted', 'CronJobUpdated', 'CronJobRestored', 'CronJobDeleted'];

interface ForecastOnProps {
  id: string;
  /** A date; undefined: today, in the zone of the job. */
  on: string | undefined;
}

/**
 * What the check itself says of a day. Each page walks over the whole registry, so it is asked again for events of this job
 * alone.
 */
export function ForecastOn({ id, on }: ForecastOnProps) {
  const { cursor } = place.value.query;
  const path = { id };
  const day = on === undefined ? {} : { on };
  const forecast = useLoaded(
    `forecast ${id} ${on ?? ''} ${cursor ?? ''}`,
    (signal) =>
      jsonOf(
        api.GET('/api/v1/certification-cron/{id}/forecast', {
          params: { path, query: { ...day, limit: 20, ...(cursor && { cursor }) } },
          signal,
        }),
      ),
    ({ cron_id, type }) => cron_id === id && MAY_CHANGE_IT.includes(type),
  );
  return (
    <LoadState of={forecast}>
      {({ on: shown, data, result, pagination }) => (
        <>
          <ResultCounts result={result} would />
          <ReminderTable
            rows={data}
            caption={result.reminders_sent === 0 ? `A run on ${shown} would remind nobody` : 'By mentor'}
          />
          <div class="row spread">
            <CursorPager next={pagination.next_cursor} />
            {data.length > 0 && (
              <CsvButton
                name={`forecast-${id}-${shown}.csv`}
                ask={(file) =>
                  api.GET('/api/v1/certification-cron/{id}/forecast', {
                    params: { path, query: { on: shown, format: 'csv' } },
                    ...file,
                  })
                }
              />
            )}
          </div>
          <p class="quiet after">
            By what is known now: reminders that earlier runs will ask for are not taken off. Is someone
            missing? Each of the <a href={hrefOf(['expiring'])}>records</a> says why.
          </p>
        </>
      )}
    </LoadState>
  );
}
