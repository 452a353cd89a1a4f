import type { DomainEvent } from '../events/parse-event.js';
import type { AppendedEvent } from '../ports/event-log.js';
import type { ModelName, ReadModels } from '../ports/read-models.js';

/** Names an event in the log: its stream, and its version there. */
export type EventPlace = Pick<AppendedEvent, 'stream' | 'version'>;

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
}

/** Projections that share a checkpoint: they see the same events, and are rebuilt together. */
export interface ProjectionGroup {
  name: string;
  /** Raise it whenever a projection of the group changes: the models are then rebuilt on start. */
  version: number;
  prefixes: readonly string[];
  /** Written in this order: the row of the last one shows that those of the others are there. */
  projections: readonly AnyProjection[];
}

export type AnyProjection = { [M in ModelName]: Projection<M> }[ModelName];
