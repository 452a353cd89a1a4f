import type { JsonSchema } from './json-schema.js';

/** A topic, as readers and writers of it have to know it. */
export interface Channel {
  /** One of `topics` of messaging. */
  topic: string;
  title: string;
  description: string;
  /** What the key of each message is. */
  key: string;
  /** By their names within the channel. */
  messages: Readonly<Record<string, Message>>;
  /** What this service does with it, by a name of its own. */
  operations: Readonly<Record<string, Operation>>;
}

/** A message, in the words of AsyncAPI 3.0. */
export interface Message {
  name: string;
  title: string;
  summary?: string | undefined;
  contentType?: string;
  headers?: JsonSchema;
  payload: JsonSchema;
  examples?: MessageExample[];
}

export interface MessageExample {
  name: string;
  headers?: Readonly<Record<string, unknown>>;
  payload: unknown;
}

export interface Operation {
  action: 'send' | 'receive';
  summary: string;
  /** The group that consumes. */
  group?: string;
}

/** The schemas that messages share, by their names. */
export function schemaRef(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}
