import { api } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { place } from '../place/place.js';
import { CursorPager } from '../show/cursor-pager.js';
import { LoadState } from '../show/load-state.js';
import { CsvButton } from './csv-button.js';
import { jsonOf } from './json-of.js';
import { ReminderTable } from './reminder-table.js';

interface RemindersOfRunProps {
  id: string;
  runId: string;
  /** Of the job; undefined where it cannot be read. */
  zone: string | undefined;
}

/** The reminders that a run has asked for: also while it goes on. */
export function RemindersOfRun({ id, runId, zone }: RemindersOfRunProps) {
  const { cursor } = place.value.query;
  const path = { id, run_id: runId };
  const list = useLoaded(
    `reminders ${id} ${runId} ${cursor ?? ''}`,
    (signal) =>
      jsonOf(
        api.GET('/api/v1/certification-cron/{id}/runs/{run_id}/reminders', {
          params: { path, query: { limit: 20, ...(cursor && { cursor }) } },
          signal,
        }),
      ),
    (event) => event.cron_id === id,
  );
  return (
    <LoadState of={list}>
      {({ data, pagination }) => (
        <>
          <ReminderTable
            rows={data}
            requestedIn={zone}
            caption={data.length === 0 ? 'It has reminded nobody' : 'By mentor'}
          />
          <div class="row spread">
            <CursorPager next={pagination.next_cursor} />
            {data.length > 0 && (
              <CsvButton
                name={`${runId}.csv`}
                ask={(file) =>
                  api.GET('/api/v1/certification-cron/{id}/runs/{run_id}/reminders', {
                    params: { path, query: { format: 'csv' } },
                    ...file,
                  })
                }
              />
            )}
          </div>
        </>
      )}
    </LoadState>
  );
}
