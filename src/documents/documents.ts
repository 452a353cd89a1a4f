import { createHash } from 'node:crypto';
import { asyncApiDocument, type AsyncApiOptions } from './async-api.js';
import { openApiDocument, type OpenApiOptions } from './openapi/open-api.js';
import { indexOfSchemas, schemaDocuments } from './schema-documents.js';

/** As it is sent. */
export interface Document {
  text: string;
  /** In quotes, as HTTP has it. */
  etag: string;
}

/**
 * All documents for clients of the API, and for readers and writers of the topics, by their paths: the service answers
 * them there, and there they are in the repository, too.
 */
export function createDocuments(options: AsyncApiOptions & OpenApiOptions): Map<string, Document> {
  return new Map(
    [
      ['openapi.json', openApiDocument(options)] as const,
      ['asyncapi.json', asyncApiDocument(options)] as const,
      ['schemas/index.json', indexOfSchemas()] as const,
      ...[...schemaDocuments()].map(([file, schema]) => [`schemas/${file}`, schema] as const),
    ].map(([path, content]) => [path, documentOf(content)]),
  );
}

function documentOf(content: object): Document {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` };
}
