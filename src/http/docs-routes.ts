import { Router } from 'express';
import { CACHE_CONTROL } from './document-routes.js';
import { onlyMethods } from './only-methods.js';
import { PAGE_POLICY, sendPageFiles, type PageFiles } from './page-file.js';

export interface DocsRoutesDependencies {
  /** `docs` is the page itself. */
  docsFiles: PageFiles;
}

/** The page that shows the OpenAPI document to people. */
export function docsRoutes({ docsFiles }: DocsRoutesDependencies): Router {
  const send = sendPageFiles({
    files: docsFiles,
    policy: PAGE_POLICY,
    cacheControl: CACHE_CONTROL,
    whatIsHere: '/docs shows the API',
  });
  const router = Router({ caseSensitive: true });
  router
    .route('/docs')
    .get((request, response, next) => {
      // Links of the page would lead elsewhere from `/docs/`.
      if (request.path.endsWith('/')) response.redirect(308, '../docs');
      else next();
    }, send)
    .all(onlyMethods('GET', 'HEAD'));
  router.route('/docs/:file').get(send).all(onlyMethods('GET', 'HEAD'));
  return router;
}
