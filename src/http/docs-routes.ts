import { Router, type RequestHandler } from 'express';
import { DOCS_POLICY } from './docs-page.js';
import { CACHE_CONTROL } from './document-routes.js';
import { onlyMethods } from './only-methods.js';
import { ProblemError } from './problem.js';
import { shortened } from './shortened.js';

/** A file as it is sent, plain and compressed; each `etag` in quotes. */
export interface DocsFile {
  type: 'html' | 'css' | 'js';
  plain: { bytes: Buffer; etag: string };
  gzip: { bytes: Buffer; etag: string };
}

export interface DocsRoutesDependencies {
  /** The files of the page by path, `docs` is the page itself; undefined for any other path. */
  docsFiles: { get(path: string): Promise<DocsFile> | undefined };
}

const MOST_OF_A_NAME = 100;

/** The page that shows the OpenAPI document to people. It is for everybody, as the document is: it names nobody. */
export function docsRoutes({ docsFiles }: DocsRoutesDependencies): Router {
  const answer: RequestHandler = async (request, response) => {
    const path = request.path.slice(1);
    // Links of the page would lead elsewhere from there.
    if (path === 'docs/') {
      response.redirect(308, '../docs');
      return;
    }
    const found = docsFiles.get(path);
    if (found === undefined) {
      const detail = `there is no file ${shortened(path, MOST_OF_A_NAME)}; /docs shows the API`;
      throw new ProblemError({ status: 404, code: 'path_not_found', detail });
    }
    const file = await found;
    const encoding = request.acceptsEncodings('gzip', 'identity') === 'gzip' ? 'gzip' : 'plain';
    const { bytes, etag } = file[encoding];
    response.vary('Accept-Encoding').type(file.type);
    response.set({ ETag: etag, 'Cache-Control': CACHE_CONTROL, 'Content-Security-Policy': DOCS_POLICY });
    // Express answers 304 then, without a body that would be encoded.
    if (encoding === 'gzip' && !request.fresh) response.set('Content-Encoding', 'gzip');
    // All at once: an answer that has ended can be cut to make room, so whoever does not take it keeps nobody out.
    response.send(bytes);
  };

  const router = Router({ caseSensitive: true });
  router.route('/docs').get(answer).all(onlyMethods('GET', 'HEAD'));
  router.route('/docs/:file').get(answer).all(onlyMethods('GET', 'HEAD'));
  return router;
}
