import type { ComponentChildren } from 'preact';
import { useEffect, useErrorBoundary } from 'preact/hooks';
import { problemOf } from './api/problem.js';
import type { Place } from './place/parse-place.js';
import { ProblemNotice } from './show/problem-notice.js';

/**
 * Says that the view at a place cannot be shown, as where a proxy has answered with something else than the API would: without
 * it half of what was shown before would stay, and look as if it were up to date.
 */
export function ViewBoundary({ at, children }: { at: Place; children: ComponentChildren }) {
  const [error, tryAgain] = useErrorBoundary() as [unknown, () => void];
  useEffect(tryAgain, [at]);
  if (error === undefined) return <>{children}</>;
  return <ProblemNotice problem={problemOf(error)} onRetry={tryAgain} />;
}
