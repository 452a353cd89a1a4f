import { createHash } from 'node:crypto';

const CHARACTERS = 16;

/**
 * A short text that differs where questions differ: a cursor holds it, to be used with its own question alone.
 * @param question what is undefined is not asked
 */
export function questionDigest(question: Readonly<Record<string, unknown>>): string {
  const asked = Object.entries(question).filter(([, value]) => value !== undefined);
  const text = JSON.stringify(asked);
  return createHash('sha256').update(text).digest('base64url').slice(0, CHARACTERS);
}
