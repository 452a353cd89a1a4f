import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { hasCredential } from './api/credential.js';
import type { ApiProblem } from './api/problem.js';
import { signIn } from './api/session.js';
import { Field } from './show/field.js';

interface CredentialFormProps {
  /** Why one is asked for, or why the one that was given is of no use. */
  problem: ApiProblem;
  /** Other buttons. */
  children?: ComponentChildren;
}

export function CredentialForm({ problem, children }: CredentialFormProps) {
  const [credential, setCredential] = useState('');
  const [isSigningIn, setSigningIn] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setSigningIn(true);
        void signIn(credential.trim()).finally(() => setSigningIn(false));
      }}
    >
      <p role="alert">
        {hasCredential() ? asSentence(problem.message) : 'This service asks for a credential.'}
      </p>
      <Field label="API key or token" hint="This tab keeps it until it is closed.">
        {(aria) => (
          <input
            {...aria}
            type="password"
            autocomplete="off"
            required
            value={credential}
            onInput={({ currentTarget }) => setCredential(currentTarget.value)}
          />
        )}
      </Field>
      <div class="row buttons">
        <button type="submit" disabled={isSigningIn}>
          Sign in
        </button>
        {children}
      </div>
    </form>
  );
}

/** Details of problems stand behind their titles elsewhere. */
function asSentence(detail: string): string {
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
}
