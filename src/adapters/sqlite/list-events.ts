import type { AuditDocument } from '../../ports/read-models.js';
import type { EventFilter, Row } from '../../ports/read-store.js';
import type { PlaceStatements } from './read-statements.js';
import { fromStored, toColumn, type StoredRow } from './stored-row.js';

/**
 * See `ReadStore.listEvents`. No index has the rows of several types in order of time: so the newest keys of each type are
 * merged, and only the rows of the page are read.
 */
export function listEvents(
  { events, ofModel }: PlaceStatements,
  filter: EventFilter,
  path: string,
): Row<AuditDocument>[] {
  const keys = newestKeys(events, filter);
  const stored = ofModel.audit.byKeys.all(JSON.stringify(keys)) as StoredRow[];
  const rows = new Map(stored.map((row) => [row.key, fromStored('audit', row, path)]));
  return keys.flatMap((key) => rows.get(key) ?? []);
}

function newestKeys(events: PlaceStatements['events'], filter: EventFilter): string[] {
  const { types, from, before, limit } = filter;
  const range = { from, before, limit };
  const isOfAll = types === undefined && filter.actor === undefined && filter.cronId === undefined;
  if (isOfAll) return events.all.all(range) as string[];
  const equal = {
    ...(filter.actor !== undefined && { actor: toColumn(filter.actor) }),
    ...(filter.cronId !== undefined && { job: toColumn(filter.cronId) }),
  };
  const { keys, nextType } = events.by[nameOf(filter)];
  const asked = types === undefined ? allTypes((type) => nextType.get({ ...equal, type })) : new Set(types);
  const found = [...asked].flatMap(
    (type) => keys.all({ ...equal, ...range, type: toColumn(type) }) as string[],
  );
  // All are ASCII, so this is the order of their bytes.
  return found.sort((one, other) => (one < other ? 1 : -1)).slice(0, limit);
}

function nameOf({ actor, cronId }: EventFilter): keyof PlaceStatements['events']['by'] {
  if (cronId !== undefined) return actor === undefined ? 'job' : 'both';
  return actor === undefined ? 'nothing' : 'actor';
}

/** The types that there are, by the index. */
function* allTypes(next: (type: string) => unknown): Generator<string> {
  for (let type = next(''); typeof type === 'string'; type = next(type)) yield type;
}
