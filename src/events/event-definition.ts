import type * as z from 'zod';
import type { Timestamp } from './timestamp.js';
import type { Upcaster } from './upcast.js';

/** The full definition of an event type: one entry in the table of its kind, and nowhere else. */
export interface EventDefinition<S extends z.ZodObject = z.ZodObject, Time extends string = string> {
  /** Of the data as it is written today. What it is described by is published, too. */
  schema: S;
  /** The field of the data that says when it happened. Within a stream it never decreases, save at a WatermarkReset. */
  time: Time;
  /**
   * The versions before, version 1 first: logs and topics hold their data as it was written. Today's version is therefore
   * one more than there are here, and cannot be raised without saying what the one before was.
   */
  earlier: readonly EarlierVersion[];
}

export interface EarlierVersion {
  /** Of the data as it was written: it is published, and never changes. */
  schema: z.ZodObject;
  /** Returns the data of the next version. */
  toNext: Upcaster;
}

type EventDefinitions = Readonly<Record<string, EventDefinition>>;

/** The events of a table, as a union over their types. */
export type EventOf<D extends EventDefinitions> = {
  [T in keyof D & string]: { type: T; data: z.infer<D[T]['schema']> };
}[keyof D & string];

/** Gives an entry its type: `time` must name a string field of the schema. */
export function defineEvent<S extends z.ZodObject, Time extends TextFieldOf<S>>(
  definition: EventDefinition<S, Time>,
): EventDefinition<S, Time> {
  return definition;
}

type TextFieldOf<S extends z.ZodObject> = {
  [F in keyof z.infer<S> & string]: z.infer<S>[F] extends Timestamp ? F : never;
}[keyof z.infer<S> & string];

/** The version of the data that is written today. */
export function todaysVersion({ earlier }: EventDefinition): number {
  return earlier.length + 1;
}
