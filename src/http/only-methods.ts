import type { RequestHandler } from 'express';
import { isPreflight } from './allow-origins.js';
import { ProblemError } from './problem.js';

/** Answers every other method of a path: OPTIONS with what is allowed, the rest with 405. */
export function onlyMethods(...methods: string[]): RequestHandler {
  const allow = [...methods, 'OPTIONS'].join(', ');
  return (request, response) => {
    if (request.method === 'OPTIONS') {
      if (isPreflight(response)) response.set('Access-Control-Allow-Methods', methods.join(', '));
      response.status(204).set('Allow', allow).end();
      return;
    }
    throw new ProblemError({
      status: 405,
      code: 'method_not_allowed',
      detail: `${request.method} is not supported here; allowed: ${allow}`,
      headers: { Allow: allow },
    });
  };
}
