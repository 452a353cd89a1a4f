import { Router } from 'express';
import { toWholeSeconds } from '../events/timestamp.js';
import type { Leadership } from '../leadership/leadership.js';
import { onlyMethods } from './only-methods.js';
import { parseNoQuery } from './parse-request.js';

export interface LeaderRoutesDependencies {
  leadership: Pick<Leadership, 'state'>;
}

/** The answering instance's view of who leads. */
export function leaderRoutes({ leadership }: LeaderRoutesDependencies): Router {
  const router = Router({ caseSensitive: true });
  router
    .route('/leader')
    .get((request, response) => {
      parseNoQuery(request);
      const { instance, leading, status, holder, term, since } = leadership.state();
      response.json({ instance, leading, status, holder, term, since: since && toWholeSeconds(since) });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
