import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from '../ports/logger.js';
import { healthRoutes, type HealthDependencies } from './health.js';
import { leaderRoutes, type LeaderRoutesDependencies } from './leader-routes.js';
import { jobRequests } from './job-requests.js';
import { jobRoutes, type JobRoutesDependencies } from './job-routes.js';
import { MAX_BODY_BYTES, ProblemError, problemOf, sendProblem } from './problem.js';
import { ledgerRoutes, type LedgerRoutesDependencies } from './ledger-routes.js';
import { metricsRoute, type MetricsRouteDependencies } from './metrics-route.js';
import { requestId, requestIdOf } from './request-id.js';
import { whenStarted, type WhenStartedDependencies } from './when-started.js';
import { shortened } from './shortened.js';
import { scheduleRoutes, type ScheduleRoutesDependencies } from './schedule-routes.js';

export const BASE_PATH = '/api/v1/certification-cron';

/** What answers and log lines repeat of a path or a header is cut to so many characters. */
const MOST_OF_A_PATH = 200;

type RoutesDependencies = JobRoutesDependencies &
  ScheduleRoutesDependencies &
  LedgerRoutesDependencies &
  LeaderRoutesDependencies;

export interface ApiDependencies
  extends
    Omit<RoutesDependencies, 'requests'>,
    HealthDependencies,
    MetricsRouteDependencies,
    WhenStartedDependencies {
  logger: Logger;
}

const safeHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
  });
  next();
};

/** A body of another type would be passed over silently by the parser. */
const requireJson: RequestHandler = (request, _response, next) => {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && request.is('application/json') === false) {
    const given = shortened(request.headers['content-type'] ?? 'of no type', MOST_OF_A_PATH);
    const detail = `the body must be application/json, not ${given}`;
    throw new ProblemError({
      status: 415,
      code: 'unsupported_media_type',
      detail,
      headers: { Accept: 'application/json' },
    });
  }
  next();
};

const notFound: RequestHandler = (request) => {
  const detail = `there is nothing at ${shortened(request.path, MOST_OF_A_PATH)}; the API is at ${BASE_PATH}`;
  throw new ProblemError({ status: 404, code: 'path_not_found', detail });
};

export function createApi(given: ApiDependencies): Express {
  const { logger, clock, ids, log, store, fold, commands, leadership, metrics, dependencies } = given;
  const { phase, started, allowSeconds, tzdataVersion } = given;
  const requests = jobRequests({ allowSeconds });
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestId(ids), safeHeaders, closeWhenStopping(phase));
  const health = healthRoutes({ phase, dependencies, leadership, clock });
  app.use(health, metricsRoute({ metrics }));
  // Fixed words before ids, or `preview` would be one.
  const routes = [
    leaderRoutes({ leadership }),
    scheduleRoutes({ fold, clock, allowSeconds, requests }),
    ledgerRoutes({ log, fold, clock, tzdataVersion, requests }),
    jobRoutes({ commands, store, fold, clock, ids, allowSeconds, requests }),
  ];
  const startedFirst = whenStarted({ started, clock });
  // The published paths repeat the prefix; gateways strip the first half. The longer first, or `api` would be an id.
  for (const path of [BASE_PATH + BASE_PATH, BASE_PATH])
    app.use(path, startedFirst, requireJson, express.json({ limit: MAX_BODY_BYTES }), routes);
  app.use(notFound);
  app.use(answerErrors(logger));
  return app;
}

/** A stopping server takes no further requests on connections that are kept open. */
function closeWhenStopping(phase: HealthDependencies['phase']): RequestHandler {
  return (_request, response, next) => {
    if (phase() === 'stopping') response.set('Connection', 'close');
    next();
  };
}

/** Whatever fails in here is left to `answerLast`. */
function answerErrors(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const request_id = requestIdOf(response);
    const problem = problemOf(error) ?? {
      status: 500,
      code: 'internal_error',
      detail: 'an unexpected error; it has been logged',
    };
    if (problem.status === 500)
      logger.error(
        { err: error, request_id, method: request.method, path: shortened(request.path, MOST_OF_A_PATH) },
        'request failed',
      );
    else if (problem.status === 503)
      logger.warn({ err: error, request_id, code: problem.code }, 'request deferred with 503');
    if (response.headersSent) {
      next(error);
      return;
    }
    // What is left of a refused body is read and thrown away, or the client would not see the answer.
    request.resume();
    sendProblem(response, problem, request_id);
  };
}
