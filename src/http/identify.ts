import type { Request, RequestHandler } from 'express';
import { AccessError, refused, type Credentials, type Refusal } from '../access/credentials.js';
import { ANONYMOUS } from '../access/principal.js';
import { keepIdentify, keepPrincipal } from './principal-of.js';

export interface IdentifyDependencies {
  credentials: Credentials;
  /** Told of each request that is refused. */
  metrics: { requestRefused: (reason: Refusal) => void };
}

/** Says who has sent a request, before anything of its body is read. A refusal is counted; it writes no log line. */
export function identify({ credentials, metrics }: IdentifyDependencies): RequestHandler {
  const { areConfigured, actorHeader } = credentials;
  return async (request, response, next) => {
    if (!areConfigured) {
      keepPrincipal(response, ANONYMOUS);
      keepIdentify(response, () => Promise.resolve(ANONYMOUS));
    } else
      try {
        const actor = actorHeader === undefined ? undefined : only(request, actorHeader);
        const presented = {
          authorization: only(request, 'authorization'),
          apiKey: only(request, 'x-api-key'),
          // Node takes the bytes of a header for Latin-1.
          actor: actor === undefined ? undefined : Buffer.from(actor, 'latin1').toString(),
          remoteAddress: request.socket.remoteAddress,
        };
        keepPrincipal(response, await credentials.identify(presented));
        keepIdentify(response, () => credentials.identify(presented));
      } catch (error) {
        if (error instanceof AccessError) metrics.requestRefused(error.reason);
        throw error;
      }
    next();
  };
}

/** @throws AccessError unauthorized: of several Node would show one, or all as one text */
function only({ headersDistinct }: Request, name: string): string | undefined {
  const given = headersDistinct[name];
  if (given !== undefined && given.length > 1)
    throw refused('two_credentials', `the header ${name} is there more than once`);
  return given?.[0];
}
