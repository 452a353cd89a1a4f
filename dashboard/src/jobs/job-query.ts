import type { paths } from '../api/openapi.js';

export type JobQuery = NonNullable<paths['/api/v1/certification-cron']['get']['parameters']['query']>;

/** The parameters of the address that filter and sort the list, as the API calls them. */
export const JOB_FILTERS = [
  'status',
  'name',
  'label',
  'last_run_status',
  'has_warnings',
  'overdue',
  'deleted',
] as const;

/** What the address asks for. The API says what is wrong with it where somebody has typed something else. */
export function jobQuery(query: Readonly<Record<string, string>>): JobQuery {
  const { sort = 'name', cursor } = query;
  const filters = JOB_FILTERS.flatMap((name) => (query[name] ? [[name, query[name]]] : []));
  return { ...Object.fromEntries(filters), sort, ...(cursor && { cursor }), limit: 20 } as JobQuery;
}

/** Counts over the list, each of which leads to what it has counted. */
export const COUNTED: readonly { title: string; query: Readonly<Record<string, string>>; isBad?: true }[] = [
  { title: 'all', query: {} },
  { title: 'active', query: { status: 'active' } },
  { title: 'disabled', query: { status: 'disabled' } },
  { title: 'running', query: { last_run_status: 'running' } },
  { title: 'failed', query: { last_run_status: 'failed' }, isBad: true },
  { title: 'overdue', query: { overdue: 'true' }, isBad: true },
  { title: 'with warnings', query: { has_warnings: 'true' } },
  { title: 'without a schedule', query: { status: 'schedule_error' }, isBad: true },
];
