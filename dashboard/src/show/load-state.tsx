import type { ComponentChildren } from 'preact';
import type { Loaded } from '../api/use-loaded.js';
import { ProblemNotice } from './problem-notice.js';

interface LoadStateProps<T> {
  of: Loaded<T>;
  children: (value: T) => ComponentChildren;
}

/**
 * What has been loaded, and beside it what went wrong: an older answer stays, and is told to be one. Whose credential is no
 * longer valid is asked for another one.
 */
export function LoadState<T>({
  of: { value, problem, isLoading, isOfBefore, retry },
  children,
}: LoadStateProps<T>) {
  return (
    <div aria-busy={isLoading} class={isOfBefore ? 'of-before' : undefined}>
      {problem && problem.status !== 401 && (
        <ProblemNotice problem={problem} isOld={value !== undefined} onRetry={retry} />
      )}
      {value !== undefined && children(value)}
      {value === undefined && problem === undefined && <p class="quiet">Loading …</p>}
    </div>
  );
}
