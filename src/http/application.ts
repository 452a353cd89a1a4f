import { parse } from 'node:querystring';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Ids } from '../ports/ids.js';
import type { Logger } from '../ports/logger.js';
import type { HealthDependencies } from './health.js';
import { principalOf } from './principal-of.js';
import { ProblemError, problemOf, sendProblem } from './problem.js';
import { allowOrigins } from './allow-origins.js';
import { onlyMethods } from './only-methods.js';
import { refuseForeignHosts, type HostRules } from './refuse-foreign-hosts.js';
import { refuseForeignOrigins } from './refuse-foreign-origins.js';
import { refuseMalformed } from './refuse-malformed.js';
import { requestId, requestIdOf } from './request-id.js';
import { safeHeaders } from './safe-headers.js';
import { shortened } from './shortened.js';
import { traceField } from './trace-of.js';
import { unless } from './unless.js';

export interface ApplicationDependencies {
  ids: Ids;
  logger: Logger;
  phase: HealthDependencies['phase'];
  hosts: HostRules;
  /** Of the pages that may read the answers and write, besides its own. */
  corsOrigins: readonly string[];
  /** What is done somewhere here. */
  methods: readonly string[];
  /** What clients of a wrong path are told. */
  whatIsHere: string;
}

/** What answers and log lines repeat of a path is cut to so many characters. */
const MOST_OF_A_PATH = 200;

/** What each request goes through, whatever it asks for, and what is answered where the routes have nothing. */
export function createApplication(
  routes: RequestHandler,
  { ids, logger, phase, hosts, corsOrigins, methods, whatIsHere }: ApplicationDependencies,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // Behind 1,000 parameters the usual one drops the rest in silence: a dry run would be a real one.
  app.set('query parser', (query: string) => parse(query, '&', '=', { maxKeys: 0 }));
  app.use(requestId(ids), safeHeaders, allowOrigins(corsOrigins), closeWhenStopping(phase));
  app.use(refuseMalformed, refuseForeignHosts(hosts), refuseForeignOrigins);
  app.use(unless(({ method, url }) => method !== 'OPTIONS' || url !== '*', onlyMethods(...methods)));
  app.use(routes, notFound(whatIsHere), answerErrors(logger));
  return app;
}

/** A stopping server takes no further requests on connections that are kept open. */
function closeWhenStopping(phase: HealthDependencies['phase']): RequestHandler {
  return (_request, response, next) => {
    if (phase() === 'stopping') response.set('Connection', 'close');
    next();
  };
}

function notFound(whatIsHere: string): RequestHandler {
  return (request) => {
    const detail = `there is nothing at ${shortened(request.path, MOST_OF_A_PATH)}; ${whatIsHere}`;
    throw new ProblemError({ status: 404, code: 'path_not_found', detail });
  };
}

/** Whatever fails in here is left to `answerLast`. */
function answerErrors(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const request_id = requestIdOf(response);
    const { actor } = principalOf(response);
    const problem = problemOf(error) ?? {
      status: 500,
      code: 'internal_error',
      detail: 'an unexpected error; it has been logged',
    };
    if (problem.status === 500)
      logger.error(
        {
          err: error,
          request_id,
          actor,
          ...traceField(response),
          method: request.method,
          path: shortened(request.path, MOST_OF_A_PATH),
        },
        'request failed',
      );
    else if (problem.status === 503)
      logger.warn(
        { err: error, request_id, actor, ...traceField(response), code: problem.code },
        'request deferred with 503',
      );
    if (response.headersSent) {
      next(error);
      return;
    }
    sendProblem(response, problem, request_id);
  };
}
