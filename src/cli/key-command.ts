import { keyEntrySchema } from '../access/parse-keys.js';
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
  const { text, hash } = await newKey();
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
  process.stdout.write(
    `The key, which is shown this once (Authorization: Bearer KEY, or X-API-Key: KEY):\n\n${text}\n\n` +
      `Its entry in the list "keys" of the file that API_KEYS_FILE names:\n\n${JSON.stringify(parsed.data, null, 2)}\n`,
  );
}

/** A date is its beginning. */
function instantOf(date: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(date) ? `${date}T00:00:00Z` : date;
}
