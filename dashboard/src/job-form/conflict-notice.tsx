import { answerOf, api, type Schemas } from '../api/client.js';
import { useLoaded } from '../api/use-loaded.js';
import type { ShownJob } from '../job/load-job.js';
import { Instant } from '../show/instant.js';
import { LoadState } from '../show/load-state.js';
import { TableHead } from '../show/table-head.js';
import { changedSettings } from './compare-drafts.js';
import { conflictRows } from './conflict-rows.js';
import type { JobForm } from './use-job-form.js';

/** What others have changed beneath a draft, who and why; and what may become of the draft. */
export function ConflictNotice({ form, newer }: { form: JobForm; newer: ShownJob }) {
  const { seen, base, draft, takeOver, putOnTop } = form;
  const { id, config_version: to } = newer.job;
  const from = seen?.job.config_version ?? to;
  const changes = useLoaded(`changes of ${id} from ${from} to ${to}`, (signal) =>
    load({ id, from, to, signal }),
  );
  const mine = changedSettings(base, draft);
  return (
    <section class="notice conflict" aria-label="A conflict">
      <p role="alert">
        <strong>This job was changed meanwhile</strong>, after you had begun. Nothing of yours is lost, or
        saved.
      </p>
      <LoadState of={changes}>
        {({ diff, events }) => (
          <>
            <ul>
              {events.map(({ event_id, actor, at, reason }) => (
                <li key={event_id}>
                  <strong>{actor}</strong>, <Instant at={at} zone={newer.job.time_zone} />
                  {reason ? `: ${reason}` : ', without a reason'}
                </li>
              ))}
            </ul>
            <div class="table cards">
              <table>
                <caption>What differs from when you began</caption>
                <TableHead titles={['Setting', 'It was', 'It is now', 'Yours']} />
                <tbody>
                  {conflictRows(diff, mine).map((row) => (
                    <tr key={row.name}>
                      <th scope="row">{row.name}</th>
                      <td data-label="It was">{row.was}</td>
                      <td data-label="It is now">{row.is}</td>
                      <td data-label="Yours">
                        {row.mine === undefined ? (
                          <span class="quiet">as it is now</span>
                        ) : (
                          <strong>{row.mine}</strong>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </LoadState>
      <div class="row">
        <button type="button" onClick={putOnTop}>
          Put my changes on top
        </button>
        <button type="button" onClick={takeOver}>
          Drop my changes, take these
        </button>
      </div>
    </section>
  );
}

interface Asked {
  id: string;
  /** The version of the job that was seen. */
  from: number;
  to: number;
  signal: AbortSignal;
}

interface Changes {
  diff: readonly Schemas['FieldChange'][];
  events: readonly Schemas['JobEvent'][];
}

async function load({ id, from, to, signal }: Asked): Promise<Changes> {
  const [{ changes }, { data }] = await Promise.all([
    answerOf(
      api.GET('/api/v1/certification-cron/{id}/diff', {
        params: { path: { id }, query: { from, to } },
        signal,
      }),
    ),
    answerOf(
      api.GET('/api/v1/certification-cron/{id}/events', {
        params: { path: { id }, query: { limit: 100 } },
        signal,
      }),
    ),
  ]);
  return {
    diff: changes,
    events: data.filter(({ version, changes: ofIt }) => version > from && ofIt !== null),
  };
}
