import { parseEvent, type DomainEvent } from '../events/parse-event.js';
import type { AppendedEvent, RecordedEvent } from '../ports/event-log.js';
import type { Clock } from '../ports/clock.js';
import type { ModelName, ReadModels } from '../ports/read-models.js';
import type { Change, ReadStore, Row } from '../ports/read-store.js';
import { inSlices } from '../waiting/turn-with-time.js';
import type {
  AnyProjection,
  EventPlace,
  FoldingProjection,
  Projection,
  ProjectionGroup,
} from './projection.js';

interface Dependencies {
  store: Pick<ReadStore, 'read'>;
  clock: Clock;
}

/**
 * Folds events into the rows they concern: reads the rows, skips events already in them, and returns what to write.
 * @returns undefined when a row is not what this version has folded, and must be made anew
 */
export function project(
  dependencies: Dependencies,
  group: ProjectionGroup<FoldingProjection>,
  events: readonly AppendedEvent[],
): Promise<Change[] | undefined>;
export function project(
  dependencies: Dependencies,
  group: ProjectionGroup,
  events: readonly RecordedEvent[],
): Promise<Change[] | undefined>;
export async function project(
  { store, clock }: Dependencies,
  group: ProjectionGroup,
  events: readonly AppendedEvent[],
): Promise<Change[] | undefined> {
  const changes: Change[] = [];
  const nextSlice = inSlices(clock);
  for (const projection of group.projections) {
    if ('rowOf' in projection) {
      const rows = await rowsOf(projection, events as readonly RecordedEvent[], nextSlice);
      changes.push({ model: projection.model, rows } as Change);
      continue;
    }
    const projected = await projectOne(store, projection as Projection<ModelName>, events, nextSlice);
    if (projected === undefined) return undefined;
    const { rows, beside } = projected;
    if (beside.length > 0) changes.push({ model: 'snapshots', rows: beside });
    if (rows.length > 0) changes.push({ model: projection.model, rows } as Change);
  }
  return changes;
}

async function rowsOf(
  { rowOf }: Exclude<AnyProjection, FoldingProjection>,
  events: readonly RecordedEvent[],
  nextSlice: () => Promise<void>,
): Promise<Row<ReadModels[ModelName]>[]> {
  const rows = [];
  for (const recorded of events) {
    await nextSlice();
    rows.push(rowOf(recorded));
  }
  return rows;
}

async function projectOne<M extends ModelName>(
  store: Pick<ReadStore, 'read'>,
  projection: Projection<M>,
  events: readonly AppendedEvent[],
  nextSlice: () => Promise<void>,
): Promise<{ rows: Row<ReadModels[M]>[]; beside: Row<ReadModels['snapshots']>[] } | undefined> {
  const concerned: { key: string; event: DomainEvent; place: EventPlace }[] = [];
  for (const recorded of events) {
    await nextSlice();
    const event = parseEvent(recorded);
    const key = event && projection.keyOf(event, recorded);
    if (event !== undefined && key !== undefined) concerned.push({ key, event, place: recorded });
  }
  if (concerned.length === 0) return { rows: [], beside: [] };
  const rows = await store.read(projection.model, [...new Set(concerned.map(({ key }) => key))]);
  if ([...rows.values()].some((row) => projection.isFolded?.(row) === false)) return undefined;
  const changed = new Map<string, Row<ReadModels[M]>>();
  const beside: Row<ReadModels['snapshots']>[] = [];
  for (const { key, event, place } of concerned) {
    await nextSlice();
    const row = changed.get(key) ?? rows.get(key);
    if (row !== undefined && row.version >= place.version) continue;
    const document = projection.evolve(row?.document, event, place);
    if (document === undefined) continue;
    changed.set(key, { key, version: place.version, document });
    const kept = projection.beside?.rowOf(document, event, place);
    if (kept !== undefined) beside.push(kept);
  }
  return { rows: [...changed.values()], beside };
}
