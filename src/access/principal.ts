/**
 * What a credential allows: `read` what names nobody, `operate` runs and the state of jobs (execute, cancel, enable,
 * disable), `write` the jobs themselves, `people` for whatever names a mentor. `admin` implies the first three, and never
 * `people`: that one must be named.
 */
export const SCOPES = ['read', 'operate', 'write', 'admin', 'people'] as const;

export type Scope = (typeof SCOPES)[number];

/** Who sends a request. */
export interface Principal {
  /**
   * As events name it: `anonymous`, or the kind of its credential and its name, such as `key:nightly-sync`. The colon keeps
   * it apart from the parts of the service itself, such as `scheduler`.
   */
  actor: string;
  /** What it may do, those that `admin` implies included. */
  scopes: ReadonlySet<Scope>;
}

const IMPLIED_BY_ADMIN: readonly Scope[] = ['read', 'operate', 'write'];

/** @param named as the credential lists them */
export function createPrincipal(actor: string, named: readonly Scope[]): Principal {
  return { actor, scopes: new Set(named.includes('admin') ? [...named, ...IMPLIED_BY_ADMIN] : named) };
}

/** Who sends a request that nothing has looked at yet: it may do nothing. */
export const NOBODY = createPrincipal('anonymous', []);

/** Who sends a request where no credentials are configured. */
export const ANONYMOUS = createPrincipal('anonymous', ['admin']);
