import type { paths } from '../api/openapi.js';

export type RecordQuery = NonNullable<
  paths['/api/v1/certification-cron/certifications']['get']['parameters']['query']
>;

/** The parameters of the address that filter and sort the records, as the API calls them. */
const ASKED = [
  ...['expires_within', 'expired', 'type', 'label', 'status', 'mentor_id', 'sort'],
  'cursor',
] as const;

/** What the address asks for. The API says what is wrong with it where somebody has typed something else. */
export function recordQuery(query: Readonly<Record<string, string>>): RecordQuery {
  return Object.fromEntries(ASKED.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));
}

/** The same question, as that for a file: all rows. */
export function wholeQuery(query: Readonly<Record<string, string>>): RecordQuery & { format: 'csv' } {
  return { ...recordQuery({ ...query, cursor: '' }), format: 'csv' };
}

/** What is asked most, each an address of its own. */
export const OFTEN_ASKED: readonly { title: string; query: Readonly<Record<string, string>> }[] = [
  { title: 'All', query: {} },
  { title: 'Expired', query: { expired: 'true' } },
  { title: 'Within 7 days', query: { expired: 'false', expires_within: '7' } },
  { title: 'Within 30 days', query: { expired: 'false', expires_within: '30' } },
  { title: 'Within 90 days', query: { expired: 'false', expires_within: '90' } },
  { title: 'Suspended', query: { status: 'suspended' } },
  { title: 'Withdrawn', query: { status: 'withdrawn' } },
];

export const RECORD_FILTERS: readonly string[] = ASKED.filter((name) => name !== 'sort' && name !== 'cursor');
