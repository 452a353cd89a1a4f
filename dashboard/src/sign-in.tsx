import { useEffect, useState } from 'preact/hooks';
import { TRIED_AGAIN_MS } from './api/loader.js';
import { mayBeMended, type ApiProblem } from './api/problem.js';
import { askWhoIAm, signOut } from './api/session.js';
import { whenSeen } from './live/when-seen.js';
import { Dialog } from './show/dialog.js';
import { CredentialForm } from './credential-form.js';
import { ProblemNotice } from './show/problem-notice.js';
import { Title } from './show/title.js';

/** Asks for a credential where the service does; where it does not answer, says so, and tries again. */
export function SignIn({ problem }: { problem: ApiProblem }) {
  useEffect(() => {
    if (!mayBeMended(problem)) return undefined;
    const stopping = new AbortController();
    const { signal } = stopping;
    const timer = setTimeout(() => {
      void whenSeen(signal).then(() => (signal.aborted ? undefined : askWhoIAm()));
    }, TRIED_AGAIN_MS);
    return () => {
      clearTimeout(timer);
      stopping.abort();
    };
  }, [problem]);
  if (problem.status !== 401)
    return (
      <>
        <Title of={[]} />
        <h1>certification-cron</h1>
        <ProblemNotice problem={problem} onRetry={() => void askWhoIAm()} />
        {mayBeMended(problem) && <p class="quiet">This page tries again by itself.</p>}
      </>
    );
  return (
    <div class="card narrow">
      <Title of={['Sign in']} />
      <h1>Sign in</h1>
      <CredentialForm problem={problem} />
    </div>
  );
}

/** Above what is shown, which stays, with what was entered there. */
export function SignInAgain({ problem }: { problem: ApiProblem }) {
  // Browsers close a dialog when Escape is pressed twice, whatever the page says.
  const [times, setTimes] = useState(0);
  return (
    <Dialog key={times} title="Sign in again" isBusy onClose={() => setTimes(times + 1)}>
      <p>Your credential is no longer valid. What you have entered is still here.</p>
      <CredentialForm problem={problem}>
        <button type="button" onClick={() => void signOut()}>
          Sign out
        </button>
      </CredentialForm>
    </Dialog>
  );
}
