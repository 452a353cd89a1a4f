import { useState } from 'preact/hooks';
import type { ApiProblem } from './api/problem.js';
import { askWhoIAm, signIn } from './api/session.js';
import { ProblemNotice } from './show/problem-notice.js';

/** Asks for a credential where the service does; where it does not answer, says so. */
export function SignIn({ problem }: { problem: ApiProblem }) {
  const [credential, setCredential] = useState('');
  if (problem.status !== 401) return <ProblemNotice problem={problem} onRetry={() => void askWhoIAm()} />;
  return (
    <form
      class="card narrow"
      onSubmit={(event) => {
        event.preventDefault();
        void signIn(credential.trim());
      }}
    >
      <h1>Sign in</h1>
      <p>{problem.message}.</p>
      <label>
        API key or token
        <input
          type="password"
          autocomplete="off"
          required
          value={credential}
          onInput={({ currentTarget }) => setCredential(currentTarget.value)}
        />
      </label>
      <p class="quiet">This tab keeps it until it is closed.</p>
      <button type="submit">Sign in</button>
    </form>
  );
}
