import type { ApiProblem } from '../api/problem.js';

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
        <strong>{TITLES[problem.code] ?? 'It did not work'}</strong>: {problem.message}
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

const TITLES: Readonly<Record<string, string>> = {
  unreachable: 'The service cannot be reached',
  forbidden: 'Your credential does not allow this',
  loopback_only: 'Not from here',
  precondition_failed: 'Somebody else has changed it meanwhile',
  idempotency_key_reused: 'It was sent before, has arrived, and was done',
  not_found: 'There is no such job',
  reads_behind: 'The lists are being made anew',
  starting: 'The service is starting',
};
