import { keyEntrySchema } from '../access/parse-keys.js';
import { fromTimestamp } from '../events/timestamp.js';
import { newKey } from '../service/new-key.js';

export interface KeyOptions {
  scopes: string;
  expires?: string;
}

/**
 * `key`: makes an API key and prints it with its entry for the file of keys. Nothing is written: the key is nowhere else.
 * @throws Error that says which argument is wrong, and what is allowed
 */
export async function keyCommand(name: string, { scopes, expires }: KeyOptions): Promise<void> {
  const { text, hash, madeAt } = await newKey();
  const parsed = keyEntrySchema.safeParse({
    name,
    hash,
    scopes: scopes.split(',').map((scope) => scope.trim()),
    expires_at: expires === undefined ? null : instantOf(expires),
  });
  if (!parsed.success)
    throw new Error(
      parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`).join('\n'),
    );
  const { expires_at } = parsed.data;
  if (expires_at !== null && fromTimestamp(expires_at) <= madeAt)
    throw new Error('expires_at must be in the future: a key that has expired is refused');
  process.stdout.write(
    `The key, which is shown this once (Authorization: Bearer KEY, or X-API-Key: KEY):\n\n${text}\n\n` +
      `Its entry in the list "keys" of the file that API_KEYS_FILE names, which is {"keys":[ENTRY, ...]}:\n\n${JSON.stringify(parsed.data, null, 2)}\n`,
  );
}

/** A date is its beginning. */
function instantOf(date: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(date) ? `${date}T00:00:00Z` : date;
}
