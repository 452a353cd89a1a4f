import { asyncApiDocument, type AsyncApiOptions } from './async-api.js';
import { openApiDocument, type OpenApiOptions } from './openapi/open-api.js';
import { indexOfSchemas, schemaDocuments } from './schema-documents.js';
import type { Steps } from './steps.js';

/**
 * How each document is made, for clients of the API, and for readers and writers of the topics, by their paths: the
 * service answers them there, and there they are in the repository, too.
 */
export function createDocuments(options: AsyncApiOptions & OpenApiOptions): Map<string, () => Steps<object>> {
  return new Map<string, () => Steps<object>>([
    ['openapi.json', () => openApiDocument(options)],
    ['asyncapi.json', () => asyncApiDocument(options)],
    ['schemas/index.json', indexOfSchemas],
    ...[...schemaDocuments()].map(([file, make]) => [`schemas/${file}`, make] as const),
  ]);
}
