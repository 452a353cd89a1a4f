import { invalidRequest } from './problem.js';

/**
 * What a client may give as a query parameter or in the body, since many cannot send a body with each method.
 * @throws ProblemError invalid_request when it is given in both places and differs
 */
export function sameInBoth<T>(
  field: string,
  inQuery: T | null | undefined,
  inBody: T | null | undefined,
): NonNullable<T> | undefined {
  const query = inQuery ?? undefined;
  const body = inBody ?? undefined;
  if (query !== undefined && body !== undefined && query !== body)
    throw invalidRequest([{ field, message: 'must not differ between the query and the body' }]);
  return query ?? body;
}
