import { hrefOf } from '../place/parse-place.js';
import { Instant } from '../show/instant.js';
import { eventSentence, type HistoryEvent } from './event-sentence.js';
import { saysConfig } from './is-act.js';
import { SettingDiffs } from './setting-diffs.js';

interface HistoryEntryProps {
  event: HistoryEvent;
  job: string;
  zone: string;
  query: Readonly<Record<string, string>>;
  /** Its settings are those of today. */
  isToday: boolean;
  /** Undefined: the viewer may not, or there is nothing to revert. */
  onRevert: ((version: number) => void) | undefined;
}

/** One event: what happened, when, by whom and why, and what it has changed. */
export function HistoryEntry({ event, job, zone, query, isToday, onRevert }: HistoryEntryProps) {
  const { version, type, at, recorded_at, actor, reason, changes, data, unreadable } = event;
  const isCreation = type === 'CronJobScheduled';
  return (
    <li class="card entry">
      <div class="row spread">
        <h3>{eventSentence(event, zone)}</h3>
        <span class="quiet">version {version}</span>
      </div>
      <p>
        <Instant at={at ?? recorded_at} zone={zone} /> by <strong class="actor">{actor}</strong>
        {reason !== null && (
          <>
            , because: <q>{reason}</q>
          </>
        )}
        {typeof data.run_id === 'string' && (
          <>
            {' '}
            <a href={hrefOf(['jobs', job, 'runs', data.run_id])}>
              The run<span class="hidden"> {data.run_id}</span>
            </a>
          </>
        )}
      </p>
      {unreadable !== null && (
        <p class="notice bad">This version of the service cannot read it: {unreadable}</p>
      )}
      {hasDiffs(event) && <SettingDiffs changes={changes ?? []} />}
      {changes !== null && isCreation && (
        <details>
          <summary>Settings at the creation</summary>
          <SettingDiffs changes={changes} titles={['', 'Set to']} isNew />
        </details>
      )}
      {saysConfig(event) && (
        <EntryActions version={version} job={job} query={query} isToday={isToday} onRevert={onRevert} />
      )}
      <EventDetails event={event} />
    </li>
  );
}

/** The sentence alone says it where a job was only enabled or disabled; a creation has all settings. */
function hasDiffs({ type, changes }: HistoryEvent): boolean {
  if (changes === null || type === 'CronJobScheduled') return false;
  return changes.some(({ field }) => field !== 'enabled');
}

type EntryActionsProps = Omit<HistoryEntryProps, 'event' | 'zone'> & { version: number };

function EntryActions({ version, job, query, isToday, onRevert }: EntryActionsProps) {
  const path = ['jobs', job, 'history'];
  const { from } = query;
  const isChosen = from !== undefined && from !== String(version);
  const which = <span class="hidden"> version {version}</span>;
  return (
    <p class="row acts">
      <a href={hrefOf(['jobs', job], { as_of: version })}>As it was then{which}</a>
      {!isToday && (
        <a href={hrefOf(path, { ...query, from: version, to: undefined })}>Compare{which} with today</a>
      )}
      {isChosen && (
        <a href={hrefOf(path, { ...query, to: version })}>
          Compare version {from} with this one{which}
        </a>
      )}
      {!isToday && onRevert && (
        <button type="button" class="link" onClick={() => onRevert(version)}>
          Revert to this{which}
        </button>
      )}
    </p>
  );
}

function EventDetails({ event }: { event: HistoryEvent }) {
  const { type, event_id, position, correlation_id, causation_id, traceparent } = event;
  const { term, slot_engine_version, tzdata_version, recorded_at } = event;
  const facts = [
    ['Type', type],
    ['Leader’s term', term],
    ['Slot engine', slot_engine_version],
    ['Time zone data', tzdata_version],
    ['Recorded', recorded_at],
    ['Event', event_id],
    ['Place in the log', position],
    ['Request', correlation_id],
    ['Caused by', causation_id],
    ['Trace', traceparent],
  ] as const;
  return (
    <details>
      <summary>Details of the event {term !== null && <span class="quiet">(term {term})</span>}</summary>
      <dl class="facts">
        {facts.map(([name, value]) =>
          value === null ? null : (
            <>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </>
          ),
        )}
      </dl>
      <pre class="raw" tabIndex={0} aria-label="Data of the event">
        {JSON.stringify(event.data, null, 2)}
      </pre>
    </details>
  );
}
