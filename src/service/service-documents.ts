import { readFileSync } from 'node:fs';
import type { Config } from '../config/config.js';
import { createDocuments, type Document } from '../documents/documents.js';
import type { ApiExample } from '../documents/openapi/examples.js';
import { ownPackage } from './own-package.js';

/** Requests with their answers, for documents: written by the tests, above `src/` and `dist/`. */
export const apiExamples: readonly ApiExample[] = JSON.parse(
  readFileSync(new URL('../../examples/rest-api.json', import.meta.url), 'utf8'),
) as ApiExample[];

/** The documents of a service with this configuration. They are made when somebody first asks: no start waits for them. */
export function serviceDocuments({ kafka }: Pick<Config, 'kafka'>): () => ReadonlyMap<string, Document> {
  const { version } = ownPackage;
  let made: ReadonlyMap<string, Document> | undefined;
  return () =>
    (made ??= createDocuments({ version, topicPrefix: kafka?.topicPrefix ?? '', examples: apiExamples }));
}
