import * as z from 'zod';
import { fromTimestamp } from '../events/timestamp.js';
import { KEY_PREFIX, type ApiKey } from './api-keys.js';
import { SCOPES } from './principal.js';

/** A file of keys that cannot be used. Its message repeats nothing that could be a key or its hash. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/** Each is compared with what a request shows. */
const MOST_KEYS = 1_000;
const MOST_FAULTS = 10;
const NAME = /^[A-Za-z0-9._-]{1,64}$/;
const FIELDS = ['name', 'hash', 'scopes', 'expires_at'];

const name = z
  .string({ error: 'must be a text' })
  .refine((text) => NAME.test(text) && !text.startsWith(KEY_PREFIX), {
    error: `must be 1 to 64 letters, digits, dots, hyphens and underscores, and no key`,
  });
const scope = z.enum(SCOPES, { error: `must be one of ${SCOPES.join(', ')}` });
const scopes = z.array(scope, { error: 'must be a list of scopes' }).min(1, 'must name a scope');
const expiresAt = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2027-01-01T00:00:00Z, or null' })
  .nullable();

/** An entry of the file. */
export const keyEntrySchema = z.strictObject(
  {
    name,
    hash: z
      .string({ error: 'must be a text' })
      .regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hexadecimal digits in small letters'),
    scopes,
    expires_at: expiresAt,
  },
  { error: (issue) => (issue.code === 'unrecognized_keys' ? only(FIELDS) : 'must be an object') },
);

export type KeyEntry = z.infer<typeof keyEntrySchema>;

const fileSchema = z.strictObject(
  {
    keys: z
      .array(keyEntrySchema, { error: 'must be a list' })
      .max(MOST_KEYS, `must be at most ${MOST_KEYS} entries`),
  },
  { error: (issue) => (issue.code === 'unrecognized_keys' ? only(['keys']) : 'must be an object') },
);

/**
 * The keys of a file, in its order. Several may have one name: then each is valid.
 * @throws KeyFileError that names the entry, the field and what is allowed
 */
export function parseKeys(text: string): ApiKey[] {
  const parsed = fileSchema.safeParse(jsonOf(text));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${placeOf(path)} ${message}`);
    const more = faults.length > MOST_FAULTS ? `; and ${faults.length - MOST_FAULTS} faults more` : '';
    throw new KeyFileError(faults.slice(0, MOST_FAULTS).join('; ') + more);
  }
  const { keys } = parsed.data;
  const places = new Map<string, number>();
  for (const [index, { hash }] of keys.entries()) {
    const earlier = places.get(hash);
    if (earlier !== undefined)
      throw new KeyFileError(`keys[${index}].hash is that of keys[${earlier}]: a key has one entry`);
    places.set(hash, index);
  }
  return keys.map((entry) => ({
    name: entry.name,
    hash: Buffer.from(entry.hash.slice('sha256:'.length), 'hex'),
    scopes: entry.scopes,
    expiresAt: entry.expires_at === null ? null : fromTimestamp(entry.expires_at),
  }));
}

/** The parser's own message would repeat a piece of the text. Some editors write a byte order mark in front of it. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new KeyFileError('is not valid JSON');
  }
}

function only(fields: readonly string[]): string {
  return `has a field that is not known; allowed: ${fields.join(', ')}`;
}

/** The places in a path are numbers and names of the schema, never what the file has. */
function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the whole';
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .slice(1);
}
