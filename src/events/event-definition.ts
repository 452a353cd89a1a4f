import type * as z from 'zod';
import type { Timestamp } from './timestamp.js';
import type { Upcaster } from './upcast.js';

/** Everything that an event type is: one entry in the table of its kind, and nowhere else. */
export interface EventDefinition<S extends z.ZodObject = z.ZodObject, Time extends string = string> {
  /** Of the data as it is written today. */
  schema: S;
  /** The field of the data that says when it happened. Within a stream it never decreases. */
  time: Time;
  /**
   * How older data becomes today's: the first one reads version 1, each answers the version after. Today's version is
   * therefore one more than there are upcasters, and cannot be raised without one.
   */
  upcasters: readonly Upcaster[];
}

export type EventDefinitions = Readonly<Record<string, EventDefinition>>;

/** The events of a table, as a union over their types. */
export type EventOf<D extends EventDefinitions> = {
  [T in keyof D & string]: { type: T; data: z.infer<D[T]['schema']> };
}[keyof D & string];

/** Gives an entry its type: `time` must name a field of the schema that is a text. */
export function defineEvent<S extends z.ZodObject, Time extends TextFieldOf<S>>(
  definition: EventDefinition<S, Time>,
): EventDefinition<S, Time> {
  return definition;
}

type TextFieldOf<S extends z.ZodObject> = {
  [F in keyof z.infer<S> & string]: z.infer<S>[F] extends Timestamp ? F : never;
}[keyof z.infer<S> & string];

/** The version of the data that is written today. */
export function todaysVersion({ upcasters }: EventDefinition): number {
  return upcasters.length + 1;
}
