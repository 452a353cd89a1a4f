import { asksOnly } from '../place/asks-only.js';
import { hrefOf } from '../place/parse-place.js';
import { goTo, replacePlace } from '../place/place.js';
import { ClearFilters } from '../show/clear-filters.js';
import { FilterChoice } from '../show/filter-choice.js';
import { FilterText } from '../show/filter-text.js';
import { JOB_FILTERS } from './job-query.js';

const CHOICES = [
  {
    name: 'status',
    label: 'State',
    options: [
      ['active', 'active'],
      ['disabled', 'disabled'],
      ['schedule_error', 'schedule error'],
    ],
  },
  {
    name: 'last_run_status',
    label: 'Last run',
    options: [
      ['success', 'success'],
      ['failed', 'failed'],
      ['running', 'running'],
      ['none', 'never ran'],
    ],
  },
  {
    name: 'has_warnings',
    label: 'Warnings',
    options: [
      ['true', 'with warnings'],
      ['false', 'without'],
    ],
  },
  {
    name: 'overdue',
    label: 'Overdue',
    options: [
      ['true', 'overdue'],
      ['false', 'not overdue'],
    ],
  },
] as const;

const DELETED = [
  ['any', 'shown too'],
  ['true', 'only deleted'],
] as const;

const SORTS = [
  ['name', 'name'],
  ['next_run_at', 'next slot'],
  ['-last_run_at', 'last run, newest first'],
  ['-updated_at', 'last change, newest first'],
  ['created_at', 'creation'],
  ['-created_at', 'creation, newest first'],
] as const;

/** Filters and order. What is typed changes the address, and the address what is shown. */
export function JobFilters({ query }: { query: Readonly<Record<string, string>> }) {
  const hrefWith = (name: string, value: string): string =>
    hrefOf(['jobs'], { ...query, cursor: undefined, [name]: value });
  return (
    <form class="row end filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <label>
        Name
        <input
          type="search"
          maxLength={128}
          value={query.name ?? ''}
          onInput={({ currentTarget }) => replacePlace(hrefWith('name', currentTarget.value))}
        />
      </label>
      <FilterText
        label="Label"
        value={query.label ?? ''}
        onEnter={(label) => goTo(hrefWith('label', label))}
      />
      {CHOICES.map(({ name, label, options }) => (
        <FilterChoice
          key={name}
          label={label}
          value={query[name]}
          options={options}
          onChoose={(value) => goTo(hrefWith(name, value))}
        />
      ))}
      <FilterChoice
        label="Deleted"
        value={query.deleted}
        options={DELETED}
        any="not shown"
        onChoose={(value) => goTo(hrefWith('deleted', value))}
      />
      <FilterChoice
        label="Order"
        value={query.sort ?? 'name'}
        options={SORTS}
        any={null}
        onChoose={(value) => goTo(hrefWith('sort', value))}
      />
      {!asksOnly(query, {}, JOB_FILTERS) && <ClearFilters href={hrefOf(['jobs'], { sort: query.sort })} />}
    </form>
  );
}
