import type * as z from 'zod';
import { eventDefinitions, type EventType } from './parse-event.js';

/** The schema of what is published, in one of its versions. */
export interface VersionedSchema {
  type: string;
  version: number;
  schema: z.ZodObject;
  /** Names this schema for ever, and nothing else. */
  urn: string;
  /** What it is, whichever version tells it: for people. */
  about: string | undefined;
}

/** The data of a type of event, in one of its versions. */
export interface EventSchema extends VersionedSchema {
  type: EventType;
}

/** Of all types and versions that logs and topics hold, by type, oldest first. */
export const eventSchemas: readonly EventSchema[] = (Object.keys(eventDefinitions) as EventType[]).flatMap(
  (type) =>
    [...eventDefinitions[type].earlier, eventDefinitions[type]].map(({ schema }, index) => ({
      type,
      version: index + 1,
      schema,
      urn: urnOf(type, index + 1),
      about: eventDefinitions[type].schema.description,
    })),
);

const known = new Set(eventSchemas.map(({ urn }) => urn));

/**
 * The name of the schema of an event's data. A URN: CloudEvents ask for an absolute URI, and the topics outlive every
 * address of the service.
 * @returns undefined for a type or version that this version does not know
 */
export function schemaUrn(type: string, version: number): string | undefined {
  const urn = urnOf(type, version);
  return known.has(urn) ? urn : undefined;
}

function urnOf(type: string, version: number): string {
  return `urn:certification-cron:event:${type}:${version}`;
}
