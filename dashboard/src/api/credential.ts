import { signal } from '@preact/signals';

/** The tab forgets it when it is closed; another tab asks anew. */
const KEPT_AS = 'certification-cron.credential';

const credential = signal(storage()?.getItem(KEPT_AS) ?? '');

/** An API key or a token: the service takes both by the same header. */
export function keepCredential(text: string): void {
  credential.value = text;
  if (text === '') storage()?.removeItem(KEPT_AS);
  else storage()?.setItem(KEPT_AS, text);
}

export function hasCredential(): boolean {
  return credential.value !== '';
}

/** Of each request; none where the service asks for none, or a proxy says who asks. */
export function credentialHeaders(): Record<string, string> {
  return credential.peek() === '' ? {} : { Authorization: `Bearer ${credential.peek()}` };
}

/** Undefined where the browser lets no page keep anything: then a loaded page asks anew. */
function storage(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}
