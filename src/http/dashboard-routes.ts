import { Router } from 'express';
import { onlyMethods } from './only-methods.js';
import { PAGE_POLICY, sendPageFiles, type PageFiles } from './page-file.js';

export interface DashboardRoutesDependencies {
  /** The path of the page itself is empty. */
  dashboardFiles: PageFiles;
}

/**
 * The dashboard, at `/`: a client of the API like any other. Browsers ask each time whether it is still the same, so that
 * no page goes on with a script of the version before.
 */
export function dashboardRoutes({ dashboardFiles }: DashboardRoutesDependencies): Router {
  const send = sendPageFiles({
    files: dashboardFiles,
    policy: PAGE_POLICY,
    cacheControl: 'no-cache',
    whatIsHere: 'the dashboard is at /',
  });
  const router = Router({ caseSensitive: true });
  router.route('/').get(send).all(onlyMethods('GET', 'HEAD'));
  router.route('/dashboard/:file').get(send).all(onlyMethods('GET', 'HEAD'));
  return router;
}
