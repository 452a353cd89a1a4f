import type { DomainEvent } from '../events/parse-event.js';
import type { AppendedEvent, RecordedEvent } from '../ports/event-log.js';
import type { ModelName, ReadModels } from '../ports/read-models.js';
import type { Row } from '../ports/read-store.js';

/** Names an event in the log: its stream, and its version there; and who has caused it. */
export type EventPlace = Pick<AppendedEvent, 'stream' | 'version' | 'id' | 'metadata'>;

/** One read model: how its rows follow from the events. Pure. */
export interface Projection<M extends ModelName> {
  model: M;
  /** The row that an event concerns; undefined when it concerns none. */
  keyOf(event: DomainEvent, place: EventPlace): string | undefined;
  /** The row's document after the event; undefined when there is still none. */
  evolve(
    document: ReadModels[M] | undefined,
    event: DomainEvent,
    place: EventPlace,
  ): ReadModels[M] | undefined;
  /** Whether a row says what its own event has led to; undefined where each row does. Others are never folded onto. */
  isFolded?: (row: Row<ReadModels[M]>) => boolean;
  /** What is kept of a row as it was, in a model of its own. Written before the row. */
  beside?: Beside<M, 'snapshots'>;
}

/** Rows of one model that are made of the rows of another one. Pure. */
export interface Beside<M extends ModelName, B extends ModelName> {
  model: B;
  /** @param document of the row after the event. @returns undefined when nothing is kept of it */
  rowOf(document: ReadModels[M], event: DomainEvent, place: EventPlace): Row<ReadModels[B]> | undefined;
}

/** A read model with a row for each event, also for those that this version cannot read. Pure. */
export interface EventProjection<M extends ModelName> {
  model: M;
  rowOf: (recorded: RecordedEvent) => Row<ReadModels[M]>;
}

/** Projections that share a checkpoint: they see the same events, and are rebuilt together. */
export interface ProjectionGroup<P extends AnyProjection = AnyProjection> {
  name: string;
  /** Raise it whenever a projection of the group changes: the models are then rebuilt on start. */
  version: number;
  prefixes: readonly string[];
  /** Written in this order: the row of the last one shows that those of the others are there. */
  projections: readonly P[];
}

/** Needs no more of an event than what an append reports. */
export type FoldingProjection = { [M in ModelName]: Projection<M> }[ModelName];

export type AnyProjection = FoldingProjection | { [M in ModelName]: EventProjection<M> }[ModelName];

/** All models that a group writes. */
export function modelsOf({ projections }: Pick<ProjectionGroup, 'projections'>): ModelName[] {
  return projections.flatMap((projection) =>
    'beside' in projection ? [projection.beside.model, projection.model] : [projection.model],
  );
}
