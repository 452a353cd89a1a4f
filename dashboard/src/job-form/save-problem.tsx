import type { ApiProblem } from '../api/problem.js';
import { ProblemNotice } from '../show/problem-notice.js';
import type { PlacedProblems } from './problems-at-fields.js';

/** Why the newest try to save has failed. What is said at a field is not said twice. */
export function SaveProblem({ problem, of: { at, elsewhere } }: { problem: ApiProblem; of: PlacedProblems }) {
  if (problem.fields.size === 0) return <ProblemNotice problem={problem} />;
  if (at.size + elsewhere.length === 0) return null;
  return (
    <div class="notice bad" role="alert">
      {at.size > 0 && (
        <p>
          <strong>It is not saved</strong>: {at.size === 1 ? 'one field needs' : `${at.size} fields need`} a
          correction.
        </p>
      )}
      {elsewhere.map((message) => (
        <p key={message}>{message}</p>
      ))}
    </div>
  );
}
