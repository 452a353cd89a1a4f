import { Router } from 'express';
import type { Leadership } from '../leadership/leadership.js';
import { onlyMethods } from './only-methods.js';

export interface LeaderRoutesDependencies {
  leadership: Pick<Leadership, 'state'>;
}

/** Who leads, as the instance knows it that answers. */
export function leaderRoutes({ leadership }: LeaderRoutesDependencies): Router {
  const router = Router({ caseSensitive: true });
  router
    .route('/leader')
    .get((_request, response) => {
      const { instance, leading, status, holder, term, since } = leadership.state();
      response.json({ instance, leading, status, holder, term, since });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
