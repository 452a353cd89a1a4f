import { signal } from '@preact/signals';
import { api, answerOf, type Schemas } from './client.js';
import { keepCredential } from './credential.js';
import { problemOf, type ApiProblem } from './problem.js';

export type Scope = Schemas['Access']['scopes'][number];

interface Viewer {
  /** As events name them. */
  actor: string;
  /** What they may do. */
  scopes: ReadonlySet<Scope>;
}

export type Session =
  | { kind: 'asking' }
  | ({ kind: 'known' } & Viewer)
  /** The credential is no longer valid. What is shown, and what was entered, stays until there is another one. */
  | ({ kind: 'expired'; problem: ApiProblem } & Viewer)
  /** A credential is missing, or nobody answers. */
  | { kind: 'unknown'; problem: ApiProblem };

export const session = signal<Session>({ kind: 'asking' });

export async function askWhoIAm(): Promise<void> {
  try {
    const { actor, scopes } = await answerOf(api.GET('/api/v1/certification-cron/access'));
    session.value = { kind: 'known', actor, scopes: new Set(scopes) };
  } catch (error) {
    const problem = problemOf(error);
    const before = session.peek();
    session.value = before.kind === 'expired' ? { ...before, problem } : { kind: 'unknown', problem };
  }
}

/** To be told of what any request has failed with: one that was refused for its credential asks for another one. */
export function noteProblem(problem: ApiProblem): void {
  const before = session.peek();
  if (problem.status === 401 && before.kind === 'known')
    session.value = { ...before, kind: 'expired', problem };
}

export async function signIn(credential: string): Promise<void> {
  keepCredential(credential);
  await askWhoIAm();
}

/** What was shown is for whoever has signed out alone. */
export function signOut(): Promise<void> {
  session.value = { kind: 'asking' };
  return signIn('');
}

/** What the viewer may not do is not offered. The service refuses it in any case. */
export function may(scope: Scope): boolean {
  return 'scopes' in session.value && session.value.scopes.has(scope);
}
