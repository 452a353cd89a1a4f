import type { RunDocument } from '../../ports/read-models.js';
import type { RunFilter, RunPlace, RunsAsked } from '../../ports/run-search.js';
import { kindsThatFit } from '../run-kinds.js';
import type { PlaceStatements } from './read-statements.js';
import { documentOf, type StoredRow } from './stored-row.js';

/** Sorts behind all times. */
const BEHIND_TIMES = '~';

/**
 * See `ReadStore.findRuns`. No index has the runs of several kinds in order of time: so the newest of each kind are merged,
 * and only the rows of the page are read.
 */
export function findRuns(live: PlaceStatements, asked: RunsAsked, path: string): RunDocument[] {
  const { newest } = statementsFor(live, asked);
  const range = { ...rangeOf(asked, asked.after), limit: asked.limit };
  const places = kindsThatFit(asked).flatMap((kind) => newest.all({ ...range, kind }) as RunPlace[]);
  const keys = places
    .sort(newestFirst)
    .slice(0, asked.limit)
    .map(({ run_id }) => run_id);
  const rows = live.ofModel.runs.byKeys.all(JSON.stringify(keys)) as StoredRow[];
  const found = new Map(rows.map((row) => [row.key, documentOf('runs', row, path) as RunDocument]));
  return keys.flatMap((key) => found.get(key) ?? []);
}

/** See `ReadStore.countRuns`. */
export function countRuns(live: PlaceStatements, filter: RunFilter, most: number): number | undefined {
  const { count } = statementsFor(live, filter);
  const range = rangeOf(filter, undefined);
  let total = 0;
  for (const kind of kindsThatFit(filter)) {
    total += count.get({ ...range, kind, limit: most + 1 - total }) as number;
    if (total > most) return undefined;
  }
  return total;
}

function statementsFor({ runs }: PlaceStatements, { cronId }: RunFilter) {
  return cronId === undefined ? runs.ofAll : runs.ofJob;
}

function rangeOf({ cronId, from = '', to = BEHIND_TIMES }: RunFilter, after: RunPlace | undefined) {
  const end = after !== undefined && after.started_at < to ? after : { started_at: to, run_id: '' };
  return { job: cronId ?? null, from, to: end.started_at, id: end.run_id };
}

/** Times and ids are ASCII, so this is the order of their bytes. */
function newestFirst(one: RunPlace, other: RunPlace): number {
  if (one.started_at !== other.started_at) return one.started_at < other.started_at ? 1 : -1;
  return one.run_id < other.run_id ? 1 : -1;
}
