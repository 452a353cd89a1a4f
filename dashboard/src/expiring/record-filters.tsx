import { asksOnly } from '../place/asks-only.js';
import { hrefOf } from '../place/parse-place.js';
import { goTo } from '../place/place.js';
import { ClearFilters } from '../show/clear-filters.js';
import { FilterChoice } from '../show/filter-choice.js';
import { FilterText } from '../show/filter-text.js';
import { OFTEN_ASKED, RECORD_FILTERS } from './record-query.js';

const TEXTS = [
  { name: 'mentor_id', label: 'Mentor' },
  { name: 'type', label: 'Type' },
  { name: 'label', label: 'Label' },
] as const;

const CHOICES = [
  {
    name: 'expired',
    label: 'Expired',
    options: [
      ['true', 'expired'],
      ['false', 'not yet'],
    ],
  },
  {
    name: 'status',
    label: 'Status',
    options: [
      ['active', 'active'],
      ['suspended', 'suspended'],
      ['withdrawn', 'withdrawn'],
    ],
  },
] as const;

const SORTS = [
  ['expires_at', 'first to expire first'],
  ['-expires_at', 'last to expire first'],
] as const;

/** Filters and order of the records. What is typed changes the address, and the address what is shown. */
export function RecordFilters({ query }: { query: Readonly<Record<string, string>> }) {
  const { sort } = query;
  const goWith = (name: string, value: string): void =>
    goTo(hrefOf(['expiring'], { ...query, cursor: undefined, [name]: value }));
  return (
    <>
      <ul class="counts" aria-label="Often asked">
        {OFTEN_ASKED.map(({ title, query: asked }) => (
          <li key={title}>
            <a
              href={hrefOf(['expiring'], { ...asked, sort })}
              aria-current={asksOnly(query, asked, RECORD_FILTERS) ? 'true' : undefined}
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
      <form class="row end filters" role="search" onSubmit={(event) => event.preventDefault()}>
        {TEXTS.map(({ name, label }) => (
          <FilterText
            key={name}
            label={label}
            maxLength={200}
            value={query[name] ?? ''}
            onEnter={(text) => goWith(name, text)}
          />
        ))}
        <FilterText
          label="Expires within days"
          inputMode="numeric"
          value={query.expires_within ?? ''}
          onEnter={(days) => goWith('expires_within', days)}
        />
        {CHOICES.map(({ name, label, options }) => (
          <FilterChoice
            key={name}
            label={label}
            value={query[name]}
            options={options}
            onChoose={(value) => goWith(name, value)}
          />
        ))}
        <FilterChoice
          label="Order"
          value={sort ?? 'expires_at'}
          options={SORTS}
          any={null}
          onChoose={(value) => goWith('sort', value)}
        />
        {!asksOnly(query, {}, RECORD_FILTERS) && <ClearFilters href={hrefOf(['expiring'], { sort })} />}
      </form>
    </>
  );
}
