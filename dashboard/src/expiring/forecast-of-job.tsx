import { serviceTime } from '../api/service-clock.js';
import { useLoaded } from '../api/use-loaded.js';
import { loadJob } from '../job/load-job.js';
import { hrefOf } from '../place/parse-place.js';
import { goTo, place } from '../place/place.js';
import { Instant } from '../show/instant.js';
import { inZone } from '../show/show-instant.js';
import { FilterText } from '../show/filter-text.js';
import { LoadState } from '../show/load-state.js';
import { ForecastOn } from './forecast-on.js';
import { asDate, slotDay } from './slot-day.js';

/** On a phone they stand below the forecast. */
function showJobs(): void {
  document.getElementById('choose-job')?.scrollIntoView();
}

/** The forecast of a job, for the date in the address, or that of its next slot. */
export function ForecastOfJob({ id }: { id: string }) {
  const { path, query } = place.value;
  const loaded = useLoaded(
    `job ${id}`,
    (signal) => loadJob({ id, as_of: undefined, signal }),
    (event) => event.cron_id === id,
  );
  return (
    <LoadState of={loaded}>
      {({ job }) => {
        const { name, status, next_run_at, time_zone: zone } = job;
        const today = inZone(new Date(serviceTime(Date.now())).toISOString(), zone).day;
        const on = query.on ?? slotDay(job) ?? today;
        const hrefOn = (day: string | undefined): string =>
          hrefOf(path, { ...query, on: day, cursor: undefined });
        return (
          <>
            <h2>
              Whom{' '}
              <a href={hrefOf(['jobs', id])}>
                <bdi>{name}</bdi>
              </a>{' '}
              reminds on {on}
            </h2>
            <p class="quiet">
              {next_run_at === null ? (
                `The job has no slot to come${status === 'disabled' ? ': it is disabled' : ''}. A run by hand that day would do this.`
              ) : (
                <>
                  Its next slot: <Instant at={next_run_at} zone={zone} />
                </>
              )}
            </p>
            <div class="row end filters of-forecast">
              <FilterText
                label={`Date, in ${zone}`}
                type="date"
                value={asDate(on)}
                onEnter={(day) => goTo(hrefOn(day))}
              />
              {query.on !== undefined && next_run_at !== null && (
                <a class="button" href={hrefOn(undefined)}>
                  Next slot
                </a>
              )}
              {on !== today && (
                <a class="button" href={hrefOn(today)}>
                  Today
                </a>
              )}
              <button type="button" class="on-phones" onClick={showJobs}>
                Other jobs
              </button>
            </div>
            <ForecastOn key={on} id={id} on={on} />
          </>
        );
      }}
    </LoadState>
  );
}
