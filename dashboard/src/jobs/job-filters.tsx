import { hrefOf } from '../place/parse-place.js';
import { goTo, replacePlace } from '../place/place.js';

const CHOICES = [
  { name: 'status', label: 'State', options: ['active', 'disabled', 'schedule_error'] },
  { name: 'last_run_status', label: 'Last run', options: ['success', 'failed', 'running', 'none'] },
  { name: 'has_warnings', label: 'Warnings', options: ['true', 'false'], words: ['with', 'without'] },
  { name: 'overdue', label: 'Overdue', options: ['true', 'false'], words: ['yes', 'no'] },
  { name: 'deleted', label: 'Deleted', options: ['any', 'true'], words: ['shown, too', 'only those'] },
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
  const isFiltered = Object.keys(query).some((name) => name !== 'sort');
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
      <label>
        Label
        <input
          type="search"
          value={query.label ?? ''}
          onChange={({ currentTarget }) => goTo(hrefWith('label', currentTarget.value))}
        />
      </label>
      {CHOICES.map(({ name, label, options, ...rest }) => (
        <label key={name}>
          {label}
          <select
            value={query[name] ?? ''}
            onChange={({ currentTarget }) => goTo(hrefWith(name, currentTarget.value))}
          >
            <option value="">–</option>
            {options.map((option, index) => (
              <option key={option} value={option}>
                {'words' in rest ? rest.words[index] : option.replaceAll('_', ' ')}
              </option>
            ))}
          </select>
        </label>
      ))}
      <label>
        Order
        <select
          value={query.sort ?? 'name'}
          onChange={({ currentTarget }) => goTo(hrefWith('sort', currentTarget.value))}
        >
          {SORTS.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {isFiltered && (
        <a class="button" href={hrefOf(['jobs'], { sort: query.sort })}>
          Clear filters
        </a>
      )}
    </form>
  );
}
