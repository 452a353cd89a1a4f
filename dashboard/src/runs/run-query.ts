import type { paths } from '../api/openapi.js';

export type RunQuery = NonNullable<
  paths['/api/v1/certification-cron/{id}/runs']['get']['parameters']['query']
>;

type Given = Readonly<Record<string, string>>;

/** The parameters of the address that filter the list, as the API calls them. */
const FILTERS = ['status', 'trigger', 'dry_run', 'from', 'to'] as const;

const IN_PAGE = 20;
/** The most that the API answers at once. */
const IN_TREND = 100;

/** What the address asks for. The API says what is wrong with it where somebody has typed something else. */
export function pageQuery(query: Given): RunQuery {
  return { ...filtersOf(query), ...(query.cursor && { cursor: query.cursor }), limit: IN_PAGE };
}

/** The newest of all that fit, whichever page is shown. */
export function trendQuery(query: Given): RunQuery {
  return { ...filtersOf(query), limit: IN_TREND };
}

export function isFiltered(query: Given): boolean {
  return Object.keys(filtersOf(query)).length > 0;
}

function filtersOf(query: Given): Record<string, string> {
  return Object.fromEntries(FILTERS.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));
}
