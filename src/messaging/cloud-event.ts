import * as z from 'zod';
import type { IncomingMessage } from '../ports/message-bus.js';
import { BadMessageError } from './bad-message-error.js';
import { firstCharacters } from './first-characters.js';
import { headerNamed } from './header-named.js';

/** With a format behind it: JSON, Avro, or a batch in one of these. */
const FAMILY = /^application\/cloudevents(-batch)?(\+|$)/;
const JSON_FORMAT = 'application/cloudevents+json';
const MOST_SHOWN = 100;

const attribute = z.string('must be a text').min(1, 'must not be empty');

/** The JSON format of CloudEvents 1.0. Attributes that say nothing to this service are dropped. */
export const cloudEventSchema = z
  .object(
    {
      specversion: z.literal('1.0', 'must be 1.0'),
      id: attribute,
      source: attribute,
      type: attribute,
      data: z.unknown().optional(),
      data_base64: z.base64('must be a text in Base64').nullish(),
      /** Of any kind: what is no valid one is ignored. */
      traceparent: z.unknown().optional(),
    },
    'must be a CloudEvent, an object with specversion, id, source, type, and data or data_base64',
  )
  // An attribute that is null is not there; data that is null is.
  .refine(({ data, data_base64 }) => (data === undefined) !== ((data_base64 ?? undefined) === undefined), {
    path: ['data'],
    message: 'must be there, or data_base64, but not both',
  });

/**
 * Whether the value of a message is a whole CloudEvent in JSON (the structured mode of the Kafka binding), not only its
 * data. A content-type that is no text says nothing.
 * @throws BadMessageError for the other formats of CloudEvents
 */
export function isStructured(message: IncomingMessage): boolean {
  const contentType = headerNamed(message, 'content-type');
  if (typeof contentType !== 'string') return false;
  const mediaType = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (mediaType === JSON_FORMAT) return true;
  if (!FAMILY.test(mediaType)) return false;
  throw new BadMessageError(
    `header content-type must be ${JSON_FORMAT} for a CloudEvent in the value, not ${firstCharacters(mediaType, MOST_SHOWN)}`,
  );
}
