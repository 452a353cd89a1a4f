import { hrefOf } from '../place/parse-place.js';
import { goTo, place } from '../place/place.js';
import { dayOf, endOfDay, lastDayBefore, startOfDay } from '../show/day-in-zone.js';
import { isFiltered } from './run-query.js';

const CHOICES = [
  { name: 'status', label: 'Result', options: ['success', 'failed', 'running'], words: undefined },
  { name: 'trigger', label: 'Trigger', options: ['schedule', 'manual'], words: ['schedule', 'by hand'] },
  { name: 'dry_run', label: 'Dry runs', options: ['false', 'true'], words: ['left out', 'only those'] },
] as const;

/** The years that the API takes. */
const DAYS = { min: '1970-01-02', max: '2100-12-30' };

/** Filters of the runs of a job. Days are days of its zone, and stand in the address as instants, as the API takes them. */
export function RunFilters({ zone }: { zone: string }) {
  const { path, query } = place.value;
  const go = (name: string, value: string | undefined): void =>
    goTo(hrefOf(path, { ...query, cursor: undefined, [name]: value }));
  const days = [
    { name: 'from', label: 'From', day: dayOf(query.from, zone), instantOf: startOfDay },
    { name: 'to', label: 'To', day: lastDayBefore(query.to, zone), instantOf: endOfDay },
  ];
  return (
    <form class="row end filters" role="search" onSubmit={(event) => event.preventDefault()}>
      {CHOICES.map(({ name, label, options, words }) => (
        <label key={name}>
          {label}
          <select value={query[name] ?? ''} onChange={({ currentTarget }) => go(name, currentTarget.value)}>
            <option value="">–</option>
            {options.map((option, index) => (
              <option key={option} value={option}>
                {words?.[index] ?? option}
              </option>
            ))}
          </select>
        </label>
      ))}
      {days.map(({ name, label, day, instantOf }) => (
        <label key={name} title={`a day in ${zone}`}>
          {label} <span class="quiet">({zone})</span>
          <input
            type="date"
            {...DAYS}
            value={day}
            onChange={({ currentTarget: { value, validity } }) => {
              // A year is being typed: 2 is one, too.
              if (validity.valid) go(name, instantOf(value, zone));
            }}
          />
        </label>
      ))}
      {isFiltered(query) && (
        <a class="button" href={hrefOf(path, { trend: query.trend })}>
          Clear filters
        </a>
      )}
    </form>
  );
}
