import { setMaxListeners } from 'node:events';

/**
 * A controller that aborts as soon as one of `outer` does, with its reason. The caller aborts it when done: until then
 * `outer` hold a reference to it. AbortSignal.any does the same, but some versions of Node 20 to 26 never release
 * signals derived from a long-lived one (nodejs/node, issues 55351 and 64476).
 */
export function abortWith(...outer: readonly AbortSignal[]): AbortController {
  const own = new AbortController();
  // As many wait as there is work at once, and each takes its listener off: no leak that Node should warn of.
  for (const signal of outer) setMaxListeners(Infinity, signal);
  const abort = ({ target }: Event): void => {
    own.abort((target as AbortSignal).reason);
  };
  own.signal.addEventListener('abort', () => {
    for (const signal of outer) signal.removeEventListener('abort', abort);
  });
  for (const signal of outer) signal.addEventListener('abort', abort);
  const over = outer.find(({ aborted }) => aborted);
  if (over !== undefined) own.abort(over.reason);
  return own;
}
