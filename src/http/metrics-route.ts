import { Router } from 'express';
import { onlyMethods } from './only-methods.js';

export interface MetricsRouteDependencies {
  metrics: { text(): Promise<string>; contentType: string };
}

export function metricsRoute({ metrics }: MetricsRouteDependencies): Router {
  const router = Router();
  router
    .route('/metrics')
    .get(async (_request, response) => {
      response.type(metrics.contentType).send(await metrics.text());
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
