import { parseEvent } from '../events/parse-event.js';
import type { AppendedEvent } from '../ports/event-log.js';
import type { ModelName, ReadModels } from '../ports/read-models.js';
import type { Change, ReadStore, Row } from '../ports/read-store.js';
import type { Projection, ProjectionGroup } from './projection.js';

/** Folds events into the rows they concern: reads the rows, skips events already in them, and returns what to write. */
export async function project(
  store: ReadStore,
  group: ProjectionGroup,
  events: readonly AppendedEvent[],
): Promise<Change[]> {
  const changes: Change[] = [];
  for (const projection of group.projections) {
    const rows = await projectOne(store, projection as Projection<ModelName>, events);
    if (rows.length > 0) changes.push({ model: projection.model, rows } as Change);
  }
  return changes;
}

async function projectOne<M extends ModelName>(
  store: ReadStore,
  projection: Projection<M>,
  events: readonly AppendedEvent[],
): Promise<Row<ReadModels[M]>[]> {
  const concerned = events.flatMap((recorded) => {
    const event = parseEvent(recorded);
    const key = event && projection.keyOf(event, recorded.stream);
    return event === undefined || key === undefined ? [] : [{ key, event, version: recorded.version }];
  });
  if (concerned.length === 0) return [];
  const rows = await store.read(projection.model, [...new Set(concerned.map(({ key }) => key))]);
  const changed = new Map<string, Row<ReadModels[M]>>();
  for (const { key, event, version } of concerned) {
    const row = changed.get(key) ?? rows.get(key);
    if (row !== undefined && row.version >= version) continue;
    const document = projection.evolve(row?.document, event, version);
    if (document !== undefined) changed.set(key, { key, version, document });
  }
  return [...changed.values()];
}
