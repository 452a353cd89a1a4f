import { hrefOf } from '../place/parse-place.js';
import { goTo, place } from '../place/place.js';
import { ClearFilters } from '../show/clear-filters.js';
import { FilterChoice } from '../show/filter-choice.js';
import { FilterText } from '../show/filter-text.js';
import { dayOf, endOfDay, lastDayBefore, startOfDay } from '../show/day-in-zone.js';
import { isFiltered } from './run-query.js';

const CHOICES = [
  {
    name: 'status',
    label: 'Result',
    options: [
      ['success', 'success'],
      ['failed', 'failed'],
      ['running', 'running'],
    ],
  },
  {
    name: 'trigger',
    label: 'Trigger',
    options: [
      ['schedule', 'schedule'],
      ['manual', 'by hand'],
    ],
  },
] as const;

const DRY_RUNS = [
  ['false', 'left out'],
  ['true', 'only those'],
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
      {CHOICES.map(({ name, label, options }) => (
        <FilterChoice
          key={name}
          label={label}
          value={query[name]}
          options={options}
          onChoose={(value) => go(name, value)}
        />
      ))}
      <FilterChoice
        label="Dry runs"
        value={query.dry_run}
        options={DRY_RUNS}
        any="shown too"
        onChoose={(value) => go('dry_run', value)}
      />
      {days.map(({ name, label, day, instantOf }) => (
        <FilterText
          key={name}
          label={
            <>
              {label} <span class="quiet">({zone})</span>
            </>
          }
          type="date"
          {...DAYS}
          value={day}
          onEnter={(entered) => go(name, instantOf(entered, zone))}
        />
      ))}
      {isFiltered(query) && <ClearFilters href={hrefOf(path, { trend: query.trend })} />}
    </form>
  );
}
