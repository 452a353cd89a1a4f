import { signal } from '@preact/signals';
import { api, answerOf, type Schemas } from './client.js';
import { keepCredential } from './credential.js';
import { problemOf, type ApiProblem } from './problem.js';

export type Scope = Schemas['Access']['scopes'][number];

export type Session =
  | { kind: 'asking' }
  /** Who asks, as events name them, and what they may do. */
  | { kind: 'known'; actor: string; scopes: ReadonlySet<Scope> }
  /** A credential is missing, or is no longer valid, or nobody answers. */
  | { kind: 'unknown'; problem: ApiProblem };

export const session = signal<Session>({ kind: 'asking' });

export async function askWhoIAm(): Promise<void> {
  try {
    const { actor, scopes } = await answerOf(api.GET('/api/v1/certification-cron/access'));
    session.value = { kind: 'known', actor, scopes: new Set(scopes) };
  } catch (error) {
    session.value = { kind: 'unknown', problem: problemOf(error) };
  }
}

export async function signIn(credential: string): Promise<void> {
  keepCredential(credential);
  await askWhoIAm();
}

export function signOut(): Promise<void> {
  return signIn('');
}

/** What the viewer may not do is not offered. The service refuses it in any case. */
export function may(scope: Scope): boolean {
  return session.value.kind === 'known' && session.value.scopes.has(scope);
}
