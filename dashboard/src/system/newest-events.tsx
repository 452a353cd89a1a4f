import { answerOf, api } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import { eventSentence } from '../history/event-sentence.js';
import type { JobEvent } from '../live/job-event.js';
import { Instant } from '../show/instant.js';
import { JobName } from '../show/job-name.js';
import { LoadState } from '../show/load-state.js';
import { Nothing } from '../show/nothing.js';
import { viewerZone } from '../show/show-instant.js';
import { TableHead } from '../show/table-head.js';

const NEWEST = 20;

function EventRow({ event }: { event: JobEvent }) {
  const { cron_id, at, recorded_at, actor, reason } = event;
  return (
    <tr>
      <th scope="row">
        <JobName id={cron_id} tab="history" />
      </th>
      <td data-label="What" class="any-text">
        {eventSentence(event, viewerZone())}
      </td>
      <td data-label="When">
        <Instant at={at ?? recorded_at} />
      </td>
      <td data-label="Who" class="any-text">
        {actor}
      </td>
      <td data-label="Why" class="any-text">
        {reason ?? <Nothing />}
      </td>
    </tr>
  );
}

/** What has happened last, to whichever job: who, what, when. */
export function NewestEvents() {
  const events = useLoaded(
    'newest events',
    (signal) =>
      answerOf(
        api.GET('/api/v1/certification-cron/events', { params: { query: { limit: NEWEST } }, signal }),
      ),
    () => true,
  );
  return (
    <section class="system-list" aria-labelledby="events">
      <h2 id="events">Newest events</h2>
      <LoadState of={events}>
        {({ data }) =>
          data.length === 0 ? (
            <p class="quiet">Nothing has happened yet.</p>
          ) : (
            <div class="table cards">
              <table aria-labelledby="events">
                <TableHead titles={['Job', 'What', 'When', 'Who', 'Why']} />
                <tbody class="events">
                  {data.map((event) => (
                    <EventRow key={event.event_id} event={event} />
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </LoadState>
    </section>
  );
}
