import type { ApiProblem } from '../api/problem.js';
import { PROBLEM_TITLES } from './problem-titles.js';

interface ProblemNoticeProps {
  problem: ApiProblem;
  /** An answer of before is still shown. */
  isOld?: boolean;
  onRetry?: () => void;
}

/** What is tried again and fails again is another request, and nothing that should be read out once more. */
export function ProblemNotice({ problem, isOld = false, onRetry }: ProblemNoticeProps) {
  return (
    <div class="notice bad">
      <p role="alert">
        <strong>{PROBLEM_TITLES[problem.code] ?? 'It did not work'}</strong>: {problem.message}
        {isOld && ' What is shown here is older.'}
      </p>
      <p class="quiet">
        {problem.code}
        {problem.requestId && `, request ${problem.requestId}`}
        {onRetry && (
          <button type="button" class="link" onClick={onRetry}>
            Try again
          </button>
        )}
      </p>
    </div>
  );
}
