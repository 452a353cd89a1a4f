import { createHash } from 'node:crypto';

/** 128 bits in Base64. */
const CHARACTERS = 22;

/**
 * A short text that differs where values differ: JSON in which neither the order of fields nor one that is undefined means
 * anything.
 */
export function shortHash(value: unknown): string {
  const text = JSON.stringify(value, inOneOrder);
  return createHash('sha256').update(text).digest('base64url').slice(0, CHARACTERS);
}

function inOneOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
