/**
 * A controller that aborts as soon as one of `outer` does, with its reason. Whoever asks for it aborts it when it is over:
 * until then `outer` hold it. That is what AbortSignal.any is for, but of Node 20 to 26 some never let go of what was once
 * made from a signal that lives long (nodejs/node, issues 55351 and 64476).
 */
export function abortWith(...outer: readonly AbortSignal[]): AbortController {
  const own = new AbortController();
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
