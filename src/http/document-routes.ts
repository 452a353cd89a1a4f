import { Router, type Response } from 'express';
import { onlyMethods } from './only-methods.js';
import { ProblemError } from './problem.js';
import { shortened } from './shortened.js';

/** As it is sent. */
export interface Document {
  text: string;
  /** In quotes, as HTTP has it. */
  etag: string;
}

export interface Documents {
  /** What the service tells its clients, and readers and writers of its topics, by path; undefined for any other path. */
  get(path: string): Promise<Document> | undefined;
}

export interface DocumentRoutesDependencies {
  documents: Documents;
}

/** They change with the version of the service alone. */
export const CACHE_CONTROL = 'public, max-age=300';
const MOST_OF_A_NAME = 100;

/** Documents are for everybody: they name nobody, and the same ones lie in the repository. */
export function documentRoutes({ documents }: DocumentRoutesDependencies): Router {
  async function answer(response: Response, path: string): Promise<void> {
    const found = documents.get(path);
    if (found === undefined) {
      const detail = `there is no document ${shortened(path, MOST_OF_A_NAME)}; /schemas lists the schemas`;
      throw new ProblemError({ status: 404, code: 'path_not_found', detail });
    }
    const { text, etag } = await found;
    // Express answers 304 to whoever has it already.
    response.set({ ETag: etag, 'Cache-Control': CACHE_CONTROL }).type('json').send(text);
  }

  const router = Router({ caseSensitive: true });
  router
    .route('/openapi.json')
    .get((_request, response) => answer(response, 'openapi.json'))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/asyncapi.json')
    .get((_request, response) => answer(response, 'asyncapi.json'))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/schemas')
    .get((_request, response) => answer(response, 'schemas/index.json'))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/schemas/:file')
    .get(({ params: { file } }, response) => answer(response, `schemas/${file}`))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
