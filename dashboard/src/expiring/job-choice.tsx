import { answerOf, api } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { hrefOf } from '../place/parse-place.js';
import { place, replacePlace } from '../place/place.js';
import { Badge } from '../show/badge.js';
import { CursorPager } from '../show/cursor-pager.js';
import { Instant } from '../show/instant.js';
import { LoadState } from '../show/load-state.js';

/** All jobs by their next slot; each leads to its forecast for the day of that slot. */
export function JobChoice({ chosen }: { chosen: string | undefined }) {
  const { path, query } = place.value;
  const { find, jobs: cursor } = query;
  const asked = {
    sort: 'next_run_at' as const,
    limit: 10,
    ...(find && { name: find }),
    ...(cursor && { cursor }),
  };
  const list = useLoaded(
    JSON.stringify(asked),
    (signal) => answerOf(api.GET('/api/v1/certification-cron', { params: { query: asked }, signal })),
    () => true,
  );
  return (
    <section class="card" aria-labelledby="choose-job">
      <h2 id="choose-job">Jobs by next slot</h2>
      <form role="search" onSubmit={(event) => event.preventDefault()}>
        <label>
          Name
          <input
            type="search"
            maxLength={128}
            value={find ?? ''}
            onInput={({ currentTarget }) =>
              replacePlace(hrefOf(path, { ...query, jobs: undefined, find: currentTarget.value }))
            }
          />
        </label>
      </form>
      <LoadState of={list}>
        {({ data, pagination }) => (
          <>
            <ul class="choice">
              {data.map(({ id, name, status, next_run_at, time_zone }) => (
                <li key={id}>
                  <a
                    href={hrefOf(path, { job: id, find, jobs: cursor })}
                    aria-current={id === chosen ? 'true' : undefined}
                  >
                    <bdi>{name}</bdi>
                  </a>{' '}
                  {status === 'active' ? (
                    <Instant at={next_run_at} zone={time_zone} none="no slot to come" />
                  ) : (
                    <Badge of={status} />
                  )}
                </li>
              ))}
            </ul>
            {data.length === 0 && <p class="quiet">No job has such a name.</p>}
            <CursorPager next={pagination.next_cursor} name="jobs" label="Pages of jobs" />
          </>
        )}
      </LoadState>
    </section>
  );
}
